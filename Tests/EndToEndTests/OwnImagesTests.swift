import Foundation
import RunRecords
import TestSupport
import Testing

@Suite("Images of the user's own", .serialized)
struct OwnImagesTests {
  private let training = [
    "train", "--dataset", "folder", "--data", "shades", "--network", "resnet8", "--epochs", "40",
    "--batch-size", "8", "--micro-batch", "4", "--max-batch", "32",
  ]

  @Test("are trained on and scored, to the same bits on several ranks and after a kill")
  func trained() throws {
    try withFolder { folder in
      try OwnImages(in: folder.appending(path: "shades"), count: 61, height: 12, width: 9)
      let alone = try adabatch.run(training, in: folder)
      #expect(alone.status == 0, "\(alone.stderr)")
      #expect(
        alone.stdout.contains(" on shades: 61 images to train on, 61 to test with (shades)\n"))
      #expect(alone.stdout.hasSuffix("the run is in runs/shades-resnet8-adabatch-seed1\n"))
      let wanted = try weights("runs/shades-resnet8-adabatch-seed1", folder)
      let ranks = try RankJobs.run(adabatch, training + ["--run", "ranks"], ranks: 2, in: folder)
      #expect(ranks.status == 0, "\(ranks.stderr)")
      #expect(try weights("ranks", folder) == wanted)

      try beginAndKill("killed", folder)
      // From elsewhere: the run knows where its images are.
      let again = try adabatch.run(
        ["train", "--resume", "--run", folder.path + "/killed"], in: folder.appending(path: "runs"))
      #expect(again.status == 0, "\(again.stderr)")
      #expect(try weights("killed", folder) == wanted)

      let score = try adabatch.run(["evaluate", "killed", "--per-class"], in: folder)
      #expect(score.stdout.contains(", on 61 test images of shades ("))
      #expect(score.stdout.contains("the same bits as the run recorded after epoch 40\n"))
      #expect(score.stdout.contains("light "))
    }
  }

  @Test("are planned, compared and reported by their name")
  func otherCommands() throws {
    try withFolder { folder in
      try OwnImages(in: folder.appending(path: "shades"), count: 61, height: 12, width: 9)
      let plan = try adabatch.run(["plan"] + training.dropFirst(), in: folder)
      #expect(plan.status == 0 && plan.stdout.contains("shades"), "\(plan.stderr)")
      // Two data sets are not one, though both are a folder.
      try OwnImages(in: folder.appending(path: "lamps"), count: 40, height: 12, width: 9)
      for name in ["shades", "lamps"] {
        let short = training + ["--epochs", "1", "--data", name, "--run", "run-" + name]
        #expect(try adabatch.run(short, in: folder).status == 0)
      }
      let report = try adabatch.run(
        ["report", "run-shades", "run-lamps", "--output", "page"], in: folder)
      #expect(report.status == 0 && report.stderr.isEmpty, "\(report.stderr)")
      let page = try String(contentsOf: folder.appending(path: "page/report.html"), encoding: .utf8)
      #expect(page.contains("ResNet-8 on shades") && page.contains("ResNet-8 on lamps"))
    }
  }

  @Test("are not gone on with when they have changed, nor scored with other classes")
  func changed() throws {
    try withFolder { folder in
      let images = folder.appending(path: "shades")
      try OwnImages(in: images, count: 61, height: 12, width: 9)
      let short = training + ["--epochs", "1", "--run", "run"]
      #expect(try adabatch.run(short, in: folder).status == 0)
      try beginAndKill("killed", folder)
      try OwnImages(in: images, count: 62, height: 12, width: 9)
      let again = try adabatch.run(["train", "--resume", "--run", "killed"], in: folder)
      #expect(again.status == 65)
      #expect(again.stderr.contains("the images have changed under the run"))
      try Data(#"{"classes": ["dark", "light", "none"]}"#.utf8)
        .write(to: images.appending(path: "dataset.json"))
      let score = try adabatch.run(["evaluate", "run"], in: folder)
      #expect(score.status == 65)
      #expect(
        score.stderr.hasSuffix(
          "shades: has 3 classes, and 2 are expected\n"
            + "  fix: name the images that the network was trained on, or train anew\n"))
    }
  }

  @Test(
    "are packed from photographs, with every file that is left out named",
    .enabled(if: PhotographDecoders.areThere, Comment(rawValue: PhotographDecoders.advice)))
  func packing() throws {
    try withFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try FileManager.default.copyItem(
        at: checkout.appending(path: "Tests/ImageDataTests/Witness/photographs"), to: photographs)
      let damaged = photographs.appending(path: "train/bird/grey.jpg")
      try Data(contentsOf: damaged).prefix(500).write(to: damaged)
      let pack = ["data", "pack", "photographs", "--into", "packed", "--image-size", "12"]
      let refused = try adabatch.run(pack, in: folder)
      #expect((refused.status, refused.stdout) == (65, ""))
      #expect(
        refused.stderr == """
          adabatch: photographs/train/bird/grey.jpg: Premature end of JPEG file
            fix: replace or remove it, or leave files like it out with --skip-damaged

          """)
      let outcome = try adabatch.run(pack + ["--skip-damaged"], in: folder)
      #expect(
        outcome.stderr == """
          left out: photographs/train/bird/grey.jpg: Premature end of JPEG file
          1 file left out: neither .jpg, .jpeg nor .png

          """)
      #expect(
        outcome.stdout == """
          photographs, 5 images to train on and 3 to test with, 2 classes, is in packed
            train: adabatch train --dataset folder --data packed

          """)
      let info = try adabatch.run(
        ["data", "info", "--dataset", "folder", "--data", "packed"], in: folder)
      #expect(info.stdout.contains("3 × 12 × 12, 2 classes\n"))
      #expect(info.stdout.contains("\n 1  cat                     3       2\n"))
      let check = try adabatch.run(
        ["data", "check", "--dataset", "folder", "--data", "packed"], in: folder)
      #expect(check.status == 0)
      #expect(
        check.stdout.hasSuffix("well-formed: 5 images to train on, 3 to test with, 2 classes\n"))
    }
  }

  /// Trains until there is a checkpoint.
  private func beginAndKill(_ run: String, _ folder: URL) throws {
    let tool = try RunningTool(adabatch, training + ["--run", run], in: folder)
    let checkpoints = folder.appending(path: run + "/checkpoints").path
    #expect(
      tool.wait {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
        return names.contains { $0.hasSuffix(".json") }
      })
    tool.send(SIGKILL)
    _ = try tool.end()
  }

  private func weights(_ run: String, _ folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: run + "/model.safetensors"))
  }
}
