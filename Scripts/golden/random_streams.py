"""Prints the golden values of Tests/RandomnessTests.

Written from the paper (Salmon et al. 2011), apart from the Swift code; run with Python 3.
"""

import math


def philox(counter, key, mask=0xFFFFFFFF):
    x, k = list(counter), list(key)
    for _ in range(10):
        even, odd = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = [odd >> 32 ^ x[1] ^ k[0], odd & mask, even >> 32 ^ x[3] ^ k[1], even & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return x


def stream(seed, purpose, epoch=0, index=0):
    block = 0
    while True:
        yield from philox([block, index, epoch, purpose], [seed & 0xFFFFFFFF, seed >> 32])
        block += 1


def below(words, bound):
    while True:
        product = next(words) * bound
        if product & 0xFFFFFFFF >= (1 << 32) % bound:
            return product >> 32


def permutation(count, seed, epoch):
    words, order = stream(seed, 1, epoch), list(range(count))
    for last in range(count - 1, 0, -1):
        other = below(words, last + 1)
        order[last], order[other] = order[other], order[last]
    return order


known = philox([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0])
assert known == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
for place in [(0, 1), (20, 2, 3, 41_999), (2**64 - 1, 6, 99, 2**32 - 1)]:
    words = stream(*place)
    print(place, [f"0x{next(words):08X}" for _ in range(6)])
words = stream(20, 4)
print("uniform", [repr(((next(words) << 32 | next(words)) >> 11) * 2.0**-53) for _ in range(3)])
words = stream(20, 2, 1, 7)
print("below 9", [below(words, 9) for _ in range(12)])
words = stream(20, 2, 1, 7)
print("below 3·2³⁰", [below(words, 3 << 30) for _ in range(6)])
print("permutation", permutation(10, 20, 0), permutation(10, 20, 1))
words = stream(20, 4)
first, second = [((next(words) << 32 | next(words)) >> 11) * 2.0**-53 for _ in range(2)]
radius, angle = math.sqrt(-2 * math.log(1 - first)), 2 * math.pi * second
print("normal", radius * math.cos(angle), radius * math.sin(angle))
print("flip", next(stream(20, 3, 1, 7)) & 1 == 1)
