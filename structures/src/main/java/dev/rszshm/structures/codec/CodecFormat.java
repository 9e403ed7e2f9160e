package dev.rszshm.structures.codec;

import java.util.Locale;
import java.util.Optional;

/**
 * The format of what a codec writes, as structures keep it beside their content.
 *
 * @param id the number of the format; see {@link Codec#id}
 * @param version its version, from 1 up; see {@link Codec#version}. A structure in which the dead
 *     have left nothing but damage may have any number
 */
public record CodecFormat(int id, int version) {
  /**
   * Returns the format that a codec writes.
   *
   * @throws IllegalArgumentException if its version is less than 1
   */
  public static CodecFormat of(Codec<?> codec) {
    int version = codec.version();
    if (version < 1) {
      throw new IllegalArgumentException(
          "found version " + version + " of the codec " + codec + ", expected 1 or more");
    }
    return new CodecFormat(codec.id(), version);
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
