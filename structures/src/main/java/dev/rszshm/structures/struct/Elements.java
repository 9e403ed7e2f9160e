package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import java.util.List;

/**
 * What the elements of an array are.
 *
 * @param hash of the layout of a struct, or of the name of the type
 * @param length of an element in bytes
 * @param version of the layout; 0 if they are no structs
 * @param name for messages
 * @param access reads and writes one
 * @param header what each element begins with; 0 for nothing
 */
record Elements<T>(
    long hash, long length, int version, String name, Access<T> access, long header) {

  /** How one is read and written. */
  interface Access<T> {
    T get(Heap heap, long offset);

    void put(Heap heap, long offset, T value);
  }

  static <T> Elements<T> of(ElementType<T> type) {
    Access<T> access =
        new Access<>() {
          @Override
          public T get(Heap heap, long offset) {
            return type.get(heap, offset);
          }

          @Override
          public void put(Heap heap, long offset, T value) {
            type.put(heap, offset, value);
          }
        };
    return new Elements<>(
        LayoutVersion.hash(List.of(List.of(type.toString()))),
        type.length(),
        0,
        type.toString(),
        access,
        0);
  }

  /** Elements that are copied as bytes, for who does not know their type. */
  static Elements<byte[]> ofBytes(long hash, long length, int version, String name, long header) {
    Access<byte[]> access =
        new Access<>() {
          @Override
          public byte[] get(Heap heap, long offset) {
            return heap.getBytes(offset, Math.toIntExact(length));
          }

          @Override
          public void put(Heap heap, long offset, byte[] value) {
            if (value.length != length) {
              throw new IllegalArgumentException(
                  "found " + value.length + " bytes, expected the " + length + " of a " + name);
            }
            heap.putBytes(offset, value);
          }
        };
    return new Elements<>(hash, length, version, name, access, header);
  }

  static <S> Elements<S> of(StructLayout<S> layout) {
    Access<S> access =
        new Access<>() {
          @Override
          public S get(Heap heap, long offset) {
            return layout.read(heap, offset);
          }

          @Override
          public void put(Heap heap, long offset, S value) {
            layout.write(heap, offset, value);
          }
        };
    List<LayoutVersion> versions = layout.versions();
    LayoutVersion newest = versions.get(versions.size() - 1);
    return new Elements<>(
        newest.hash(),
        newest.length(),
        newest.version(),
        layout.name(),
        access,
        layout.isExtensible() ? StructHeaderLayout.header(newest) : 0);
  }

  @Override
  public String toString() {
    return name + (version == 0 ? "" : " version " + version) + " of " + length + " bytes";
  }
}
