"""The reference's networks in PyTorch, for the numbers beside this file and for Benchmarks/. Needs torch only."""

from torch import nn
from torch.nn import functional as F



class AlexNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Linear(256, classes)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


VGG_STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


class VGG(nn.Module):
    def __init__(self, depth, batch_norm, classes):
        super().__init__()
        layers, width = [], 3
        for out, count in zip((64, 128, 256, 512, 512), VGG_STAGES[depth]):
            for _ in range(count):
                layers.append(nn.Conv2d(width, out, 3, padding=1))
                layers += [nn.BatchNorm2d(out)] * batch_norm + [nn.ReLU()]
                width = out
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, classes)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def convolution(width, out, kernel, stride=1):
    return nn.Conv2d(width, out, kernel, stride=stride, padding=kernel // 2, bias=False)


class Block(nn.Module):
    """Post-activation residual block; its 1x1 shortcut exists where the stride or the width changes."""

    def __init__(self, width, out, stride):
        super().__init__()
        self.add_convolutions(width, out // self.expansion, out, stride)
        self.downsample = None
        if stride != 1 or width != out:
            self.downsample = nn.Sequential(convolution(width, out, 1, stride), nn.BatchNorm2d(out))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(self.residual(x) + shortcut)


class Basic(Block):
    expansion = 1

    def add_convolutions(self, width, inner, out, stride):
        self.conv1, self.bn1 = convolution(width, inner, 3, stride), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = convolution(inner, out, 3), nn.BatchNorm2d(out)

    def residual(self, x):
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))


class Bottleneck(Block):
    expansion = 4

    def add_convolutions(self, width, inner, out, stride):
        self.conv1, self.bn1 = convolution(width, inner, 1), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = convolution(inner, inner, 3, stride), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = convolution(inner, out, 1), nn.BatchNorm2d(out)

    def residual(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.bn3(self.conv3(F.relu(self.bn2(self.conv2(x)))))


class ResNet(nn.Module):
    def __init__(self, block, blocks_per_stage, classes):
        super().__init__()
        self.conv1, self.bn1 = convolution(3, 16, 3), nn.BatchNorm2d(16)
        width = 16
        for stage in range(3):
            out, blocks = (16 << stage) * block.expansion, []
            for position in range(blocks_per_stage):
                blocks.append(block(width, out, 2 if stage > 0 and position == 0 else 1))
                width = out
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(F.avg_pool2d(x, 8).flatten(1))


def network(name, classes):
    """The network called `name`: alexnet, vgg11 ... vgg19_bn, resnet20 ... resnet110, resnet-bottleneck."""
    if name == "alexnet":
        return AlexNet(classes)
    if name.startswith("vgg"):
        return VGG(int(name[3:5]), name.endswith("_bn"), classes)
    if name == "resnet-bottleneck":
        return ResNet(Bottleneck, 1, classes)
    depth = int(name.removeprefix("resnet"))
    return ResNet(Bottleneck if depth >= 44 else Basic, (depth - 2) // 6, classes)
