package dev.rszshm.structures.internal.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.codec.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The published vectors of XXH64: text, and the buffer of xxHash's own sanity check. */
class XxHash64Test {
  private static final int PRIME = 0x9E3779B1;

  private static byte[] sanity(int length) {
    byte[] bytes = new byte[length];
    int generator = PRIME;
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (generator >>> 24);
      generator *= generator;
    }
    return bytes;
  }

  private static void check(long expected, int length, long seed) {
    assertEquals(expected, XxHash64.hash(sanity(length), length, seed));
  }

  @Test
  void bytesHaveThePublishedHashes() {
    long seed = PRIME & 0xffff_ffffL;
    check(0xEF46DB3751D8E999L, 0, 0);
    check(0xAC75FDA2929B17EFL, 0, seed);
    check(0x4FCE394CC88952D8L, 1, 0);
    check(0x739840CB819FA723L, 1, seed);
    check(0xCFFA8DB881BC3A3DL, 14, 0);
    check(0x5B9611585EFCC9CBL, 14, seed);
    check(0x0EAB543384F878ADL, 101, 0);
    check(0xCAA65939306F1E21L, 101, seed);
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertEquals(0x44BC2CF5AD770999L, XxHash64.hash(abc, abc.length, 0));
  }

  @Property
  void aNumberHasTheHashOfItsBytes(@ForAll long number, @ForAll long seed) {
    byte[] bytes = Codecs.longs().encode(number);
    assertEquals(XxHash64.hash(bytes, 8, seed), XxHash64.hash(number, seed));
    assertEquals(XxHash64.hash(bytes, 8, seed), XxHash64.hash(Arrays.copyOf(bytes, 20), 8, seed));
  }

  @Property
  void aPartOfAnArrayHasTheHashOfItsCopy(
      @ForAll byte[] bytes, @ForAll int a, @ForAll int b, @ForAll long seed) {
    int one = Math.floorMod(a, bytes.length + 1);
    int other = Math.floorMod(b, bytes.length + 1);
    int from = Math.min(one, other);
    int length = Math.max(one, other) - from;
    byte[] copy = Arrays.copyOfRange(bytes, from, from + length);
    assertEquals(XxHash64.hash(copy, length, seed), XxHash64.hash(bytes, from, length, seed));
  }
}
