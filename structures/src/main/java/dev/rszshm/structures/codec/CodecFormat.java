package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.FormatIds;
import dev.rszshm.structures.sorted.OrderedCodec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The format of what a codec writes, as structures keep it beside their content.
 *
 * @param id the number of the format; see {@link Codec#id}
 * @param version its version, from 1 up; see {@link Codec#version}. A structure in which the dead
 *     have left nothing but damage may have any number
 */
public record CodecFormat(int id, int version) {
  /** The packages of the library's own codecs. */
  private static final Set<String> PACKAGES =
      Set.of(
          Codec.class.getPackageName(),
          OrderedCodec.class.getPackageName(),
          FormatIds.class.getPackageName());

  /**
   * Returns the format that a codec writes.
   *
   * @throws IllegalArgumentException if its version is less than 1, or it is a program's own codec
   *     with a number from 0 to 1,023
   */
  public static CodecFormat of(Codec<?> codec) {
    int version = codec.version();
    if (version < 1) {
      throw new IllegalArgumentException(
          "found version " + version + " of the codec " + codec + ", expected 1 or more");
    }
    int id = codec.id();
    if (id >= 0 && id < FormatIds.FIRST_FREE && !isOfThisLibrary(codec.getClass())) {
      throw new IllegalArgumentException(
          "found the id "
              + id
              + " of the codec "
              + codec
              + ", of "
              + codec.getClass()
              + ": ids from 0 to "
              + (FormatIds.FIRST_FREE - 1)
              + " are those of this library's codecs. Return any number above 65,535, or do not"
              + " override id()");
    }
    return new CodecFormat(id, version);
  }

  private static boolean isOfThisLibrary(Class<?> type) {
    return type.getModule() == Codec.class.getModule() && PACKAGES.contains(type.getPackageName());
  }

  /** Returns its name, if the library has the only codec of it; see {@link Codecs#nameOf}. */
  public Optional<String> name() {
    return Codecs.nameOf(id);
  }

  /** Returns a text such as {@code String (0x20), version 1}. */
  @Override
  public String toString() {
    String number = "0x" + Integer.toHexString(id);
    return String.format(
        Locale.ROOT,
        "%s, version %d",
        name().map(name -> name + " (" + number + ")").orElse(number),
        version);
  }
}
