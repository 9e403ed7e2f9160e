package dev.rszshm.structures.internal.codec;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import java.util.List;

/*
 * The version of a format that is made of others.
 *
 * One number must stand for the versions of all parts, and tell for each of them whether it is one that the part's
 * codec reads. The greatest of them, or their sum, would not do: of two programs one may have a newer codec of the keys,
 * and the other one of the values, and neither reads what the other writes.
 *
 * So each of n parts has a field of b = 30 / n bits (with one part: all 31), in which its version less 1 is; the number is
 * 1 + all fields. It is 1 if all versions are, and the part's own if there is one part.
 *
 * Why that is right. The fields of a number are the versions again, so that a number is read exactly if each part reads its
 * own: whoever reads one reads all that it reads. And the number rises with the versions: if in each part
 * one program's version is not less than another's, no field is, and so neither is the number. (The reverse is not true, which
 * is what Codec.reads is for.)
 *
 * Parts of parts are parts: a list of maps of x to y has the parts x and y.
 */
/** The versions of the parts of a format as one number. */
public final class PartVersions {
  private static final int BITS = 30;

  private final List<Codec<?>> parts;
  private final int bits;
  private final int version;

  /**
   * The versions of parts as one.
   *
   * @throws IllegalArgumentException if one of them is too great for its field
   */
  public PartVersions(Object whole, List<Codec<?>> parts) {
    this.parts = parts;
    this.bits = parts.size() == 1 ? BITS + 1 : BITS / parts.size();
    int fields = 0;
    for (int i = 0; i < parts.size(); i++) {
      int above = CodecFormat.of(parts.get(i)).version() - 1;
      if (above > mask()) {
        throw new IllegalArgumentException(
            "found version "
                + (above + 1)
                + " of "
                + parts.get(i)
                + ", expected at most "
                + (mask() + 1L)
                + " as one of "
                + parts.size()
                + " parts of "
                + whole
                + ": give the whole a codec of its own");
      }
      fields |= above << shift(i);
    }
    this.version = fields + 1;
  }

  private int mask() {
    return (int) ((1L << bits) - 1);
  }

  /** The first part is the highest. */
  private int shift(int part) {
    return (parts.size() - 1 - part) * bits;
  }

  /** Returns the number. */
  public int version() {
    return version;
  }

  /** Returns whether each part reads its version of those that a number stands for. */
  public boolean reads(int number) {
    int fields = number - 1;
    if (number < 1 || (long) fields >>> (long) bits * parts.size() != 0) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      int field = fields >>> shift(i) & mask();
      if (!parts.get(i).reads(field + 1)) {
        return false;
      }
    }
    return true;
  }
}
