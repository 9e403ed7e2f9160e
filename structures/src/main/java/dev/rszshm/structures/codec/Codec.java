package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;

/**
 * Makes bytes of objects, and objects of bytes, in place: it is told where in a region they lie. It
 * is asked for the length first, so that whoever stores an object can make room for it.
 *
 * <p>Codecs are stateless: any number of threads may use one. {@link Codecs} has those for the
 * types of the JDK, for records, and for lists and maps of all these.
 *
 * @param <T> the type of the objects
 */
public interface Codec<T> {
  /**
   * Returns the number that names the format, and that no other format has. It is stored with
   * objects, so that one is never read in the format of another; it stays the same for good.
   */
  int id();

  /**
   * Returns the version of the format, from 1 up. It is stored with objects; a codec reads those of
   * its own version and of older ones.
   */
  default int version() {
    return 1;
  }

  /** Returns the number of bytes that an object takes, which {@link #encode} will write. */
  long length(T object);

  /**
   * Writes an object.
   *
   * @param to where to
   * @param offset of the first byte
   */
  void encode(T object, Region to, long offset);

  /**
   * Reads an object. It reads no byte outside of the range, whatever the bytes are.
   *
   * @param from where from
   * @param offset of the first byte
   * @param length as it was when the object was written
   * @throws CodecException if the bytes are not those of an object
   */
  T decode(Region from, long offset, long length);
}
