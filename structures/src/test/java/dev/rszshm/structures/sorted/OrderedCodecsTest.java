package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

/** The order of the bytes is that of the objects, and they come back. */
class OrderedCodecsTest {
  private static <T> void compare(OrderedCodec<T> codec, T a, T b) {
    byte[] x = codec.encode(a);
    byte[] y = codec.encode(b);
    int expected = Integer.signum(codec.comparator().compare(a, b));
    assertEquals(expected, Integer.signum(Arrays.compareUnsigned(x, y)), () -> a + ", " + b);
    assertEquals(0, codec.comparator().compare(a, codec.decode(x)));
    assertEquals(x.length, codec.length(a));
  }

  @Property
  void longs(@ForAll long a, @ForAll long b) {
    compare(OrderedCodecs.longs(), a, b);
    assertEquals(Long.compare(a, b), OrderedCodecs.longs().comparator().compare(a, b));
  }

  @Property
  void ints(@ForAll int a, @ForAll int b) {
    compare(OrderedCodecs.ints(), a, b);
  }

  @Property
  void doubles(@ForAll long a, @ForAll double b) {
    compare(OrderedCodecs.doubles(), Double.longBitsToDouble(a), b);
    compare(OrderedCodecs.doubles(), -0.0, 0.0);
    compare(OrderedCodecs.doubles(), Double.NaN, Double.POSITIVE_INFINITY);
    compare(OrderedCodecs.doubles(), -Double.MIN_VALUE, b);
  }

  @Property
  void uuids(@ForAll long a, @ForAll long b, @ForAll long c, @ForAll long d) {
    compare(OrderedCodecs.uuids(), new UUID(a, b), new UUID(c, d));
    compare(OrderedCodecs.uuids(), new UUID(a, b), new UUID(a, d));
  }

  @Property
  void strings(@ForAll @StringLength(max = 5) String a, @ForAll @StringLength(max = 5) String b) {
    compare(OrderedCodecs.strings(), valid(a), valid(b));
    compare(OrderedCodecs.strings(), valid(a) + "\ud83d\ude00", valid(a) + "\uffee" + valid(b));
  }

  /** Without halves of pairs, which UTF-8 does not have. */
  private static String valid(String text) {
    return text.codePoints()
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Property
  void byteArrays(@ForAll byte[] a, @ForAll byte[] b) {
    compare(OrderedCodecs.byteArrays(), a, b);
  }
}
