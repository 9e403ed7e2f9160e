package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import dev.rszshm.structures.internal.codec.FormatIds;
import java.nio.ByteBuffer;

/**
 * Makes bytes of objects, and objects of bytes. It is asked for the length first, so that whoever
 * stores an object can make room for it, and then writes into that room.
 *
 * <p>Codecs are stateless: any number of threads may use one. {@link Codecs} has those for the
 * types of the JDK, for records, and for lists and maps of all these. Where bytes stand for
 * objects, as keys of a map do, equal objects must have equal bytes, and others must not.
 *
 * <p>A codec of one's own has three methods, {@link #length}, {@link #encode(Object, ByteBuffer)}
 * and {@link #decode(ByteBuffer)}. Those that work in a region copy by default; a codec of large
 * objects may override them to work in place.
 *
 * <p><b>To change what is stored</b>, write a codec with the {@link #id} of the old one, a higher
 * {@link #version}, and a {@code decode} that reads both forms. {@code decode} is not told in which
 * version the bytes were written, and a structure may hold objects of several. So a codec writes a
 * byte with its version in front of each object, from its first version on. Without one, {@code
 * decode} can try: if all that is new stands behind what was there before, as with components that
 * are added at the end of a record, the codec of the wrong form throws a {@link CodecException}. A
 * record's codec has no versions: {@link Codecs#records}. docs/CODECS.md has an example.
 *
 * @param <T> the type of the objects
 */
public interface Codec<T> {
  /**
   * Returns the number that names the format, and that no other format should have. By default it
   * is made of the name of the codec's class. Override it, with any number above 65,535, so that
   * the class may be renamed or moved; numbers from 0 to 1,023 are those of this library's codecs,
   * and a codec of a program that has one is refused with an {@link IllegalArgumentException}
   * wherever a structure, a collection's codec or a pool gets it.
   *
   * <p>Every structure keeps it, with the {@link #version}, and refuses a codec of another format
   * with a {@link dev.rszshm.structures.errors.CodecMismatchException}. So do arguments and results
   * of tasks in a pool. Channels do not: they carry bytes, and a queue of objects over a channel is
   * a view of them, so that all who use it must name the same codec.
   */
  default int id() {
    return FormatIds.of(getClass().getName());
  }

  /**
   * Returns the version of the format that this codec writes, from 1 up. A format gets another
   * version when older codecs cannot read any more what is written from then on; the new codec
   * reads what all versions before have written.
   *
   * <p>A structure keeps the version of whoever made it, and it rises to that of a newer codec
   * right before that calls a method that may change the structure for the first time; reading
   * leaves it. Codecs that do not {@linkplain #reads read} it are refused from then on: when they
   * open the structure, and in each method of an object that has it open already and that encodes
   * or decodes what is there. A {@link dev.rszshm.structures.object.SharedObject} keeps the version
   * of whoever wrote it last.
   *
   * <p>Keys are the exception. They are found by their bytes, and two versions may give equal
   * objects different bytes. So maps, sorted maps and counter maps are opened with the very version
   * of the keys that they were made with, and no other.
   */
  default int version() {
    return 1;
  }

  /**
   * Returns whether a version of the format is this codec's own or one before it, so that this
   * codec reads it: by default, whether it is not greater than {@link #version}.
   *
   * <p>A codec that is made of others overrides this if its versions are not all in one line, as
   * those of {@link Codecs} do. Whoever reads a version must read all that this version reads.
   *
   * @param version from 1 up
   */
  default boolean reads(int version) {
    return version <= version();
  }

  /** Returns the number of bytes that an object takes, which {@code encode} will write. */
  int length(T object);

  /**
   * Writes an object.
   *
   * @param to little-endian, from its position on; there is room for as many bytes as {@link
   *     #length} says, behind which the position is afterwards
   */
  void encode(T object, ByteBuffer to);

  /**
   * Reads an object.
   *
   * @param from little-endian; all bytes that remain in it are those of the object
   * @throws CodecException if they are not
   */
  T decode(ByteBuffer from);

  /**
   * Returns the bytes of an object.
   *
   * @throws CodecException if {@link #length} and {@link #encode(Object, ByteBuffer)} do not agree
   */
  default byte[] encode(T object) {
    return Encoding.encode(this, object);
  }

  /**
   * Returns the object of bytes.
   *
   * @throws CodecException if they are not those of an object
   */
  default T decode(byte[] bytes) {
    return Encoding.decode(this, bytes);
  }

  /**
   * Writes an object into a region, where there is room for it from an offset on. Nothing is
   * written before all of it is there to be.
   */
  default void encode(T object, Region to, long offset) {
    to.putBytes(offset, encode(object));
  }

  /**
   * Reads an object from a region.
   *
   * @throws CodecException if the bytes are not those of an object
   */
  default T decode(Region from, long offset, int length) {
    return decode(from.getBytes(offset, length));
  }
}
