package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.LayoutVersion.Extent;
import dev.rszshm.structures.struct.errors.DamagedArrayException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/*
 * How an array comes to be in a heap.
 *
 * Layout
 * ------
 * SharedArrayLayout, the words before the size.
 *
 * Protocol
 * --------
 *  1 element, by compare-and-set from 0. It says what the elements are, and all other words follow from it, so that
 *    whoever knows it can go on: element length, version and first, in the same way;
 *  2 the magic, with release order: it says that 1 was done.
 * Whoever finds an array looks whether its elements are what it declares, or a version of it that is known: an older
 * one from its own declaration, a newer one from the layout that is stored.
 *
 * If a process dies here
 * ----------------------
 * 1: the next one who knows the elements writes the rest, in a program of another version too.
 * 2: it is one store.
 */

/** Finds arrays, and makes those that are not there. */
final class ArrayMaking {
  private static final List<ElementType<?>> NUMBERS =
      List.of(
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.UINT16,
          ElementType.INT32,
          ElementType.UINT32,
          ElementType.INT64,
          ElementType.FLOAT32,
          ElementType.FLOAT64);

  private ArrayMaking() {}

  /** Finds the array at an offset, or makes it. */
  static <T> SharedArray<T> open(
      Allocator allocator,
      long offset,
      Elements<T> declared,
      long count,
      Optional<StructLayout<?>> layout) {
    Heap heap = allocator.heap();
    heap.checkReadable(offset, SharedArray.LENGTH);
    boolean unmade = heap.getLongAcquire(offset + SharedArrayLayout.MAGIC) == 0;
    if (unmade && !heap.isReadOnly()) {
      heap.compareAndSetLong(offset + SharedArrayLayout.ELEMENT, 0, declared.hash());
    }
    long hash = heap.getLongAcquire(offset + SharedArrayLayout.ELEMENT);
    if (hash != 0) {
      Extent extent =
          extentOf(allocator, declared, layout, hash)
              .orElseThrow(() -> mismatch(heap, offset, hash, declared));
      if (unmade && !heap.isReadOnly()) {
        make(heap, offset, extent);
      }
      require(heap, offset, extent);
      return open(allocator, offset, declared, extent, hash, count);
    }
    throw noArray(heap, offset);
  }

  /** Finds the array at an offset, whatever its elements are. */
  static SharedArray<byte[]> find(Allocator allocator, long offset) {
    Heap heap = allocator.heap();
    heap.checkReadable(offset, SharedArray.LENGTH);
    if (heap.getLongAcquire(offset + SharedArrayLayout.MAGIC) != SharedArrayLayout.MAGIC_VALUE) {
      throw noArray(heap, offset);
    }
    long hash = heap.getLongAcquire(offset + SharedArrayLayout.ELEMENT);
    Elements<byte[]> elements =
        numbers(hash)
            .or(() -> structs(allocator, hash))
            .orElseThrow(
                () ->
                    new DamagedArrayException(
                        String.format(
                            Locale.ROOT,
                            "the array at offset %d of %s has elements with the hash 0x%016x, which"
                                + " is that of no number and of no layout that is stored",
                            offset,
                            heap.path(),
                            hash)));
    require(heap, offset, new Extent(elements.version(), 0, elements.length(), 1));
    return new SharedArray<>(
        allocator, offset, elements, SharedArrayLayout.firstFor(elements.length()));
  }

  private static Optional<Elements<byte[]>> numbers(long hash) {
    for (ElementType<?> type : NUMBERS) {
      Elements<?> elements = Elements.of(type);
      if (elements.hash() == hash) {
        return Optional.of(Elements.ofBytes(hash, elements.length(), 0, elements.name(), 0));
      }
    }
    return Optional.empty();
  }

  /** Structs with a hash, if their layout is stored and sound. */
  private static Optional<Elements<byte[]>> structs(Allocator allocator, long hash) {
    for (RootEntry root : allocator.roots()) {
      Optional<String> name = StoredLayout.nameOf(root);
      if (name.isPresent()) {
        try {
          Optional<Elements<byte[]>> elements =
              new Publication(allocator, name.get()).elements(hash);
          if (elements.isPresent()) {
            return elements;
          }
        } catch (HeapException e) {
          // This one is damaged: another may be the one.
        }
      }
    }
    return Optional.empty();
  }

  private static <T> SharedArray<T> open(
      Allocator allocator,
      long offset,
      Elements<T> declared,
      Extent extent,
      long hash,
      long count) {
    long header =
        declared.header() == 0 ? 0 : StructHeaderLayout.header(extent.version(), extent.length());
    Elements<T> actual =
        new Elements<>(
            hash, extent.length(), extent.version(), declared.name(), declared.access(), header);
    SharedArray<T> array =
        new SharedArray<>(allocator, offset, actual, SharedArrayLayout.firstFor(extent.length()));
    if (count != 0 && !allocator.heap().isReadOnly()) {
      array.ensure(count);
    }
    return array;
  }

  /** The rest of step 1, and step 2. */
  private static void make(Heap heap, long offset, Extent extent) {
    heap.compareAndSetLong(offset + SharedArrayLayout.ELEMENT_LENGTH, 0, extent.length());
    heap.compareAndSetLong(
        offset + SharedArrayLayout.VERSION,
        0,
        SharedArrayLayout.descriptor(
            extent.version(), SharedArrayLayout.firstFor(extent.length())));
    heap.putLongRelease(offset + SharedArrayLayout.MAGIC, SharedArrayLayout.MAGIC_VALUE);
  }

  /** Returns version and length of elements with a hash, if they are of this type. */
  private static Optional<Extent> extentOf(
      Allocator allocator, Elements<?> declared, Optional<StructLayout<?>> layout, long hash) {
    if (hash == declared.hash()) {
      return Optional.of(new Extent(declared.version(), 0, declared.length(), 1));
    }
    return layout
        .filter(StructLayout::isExtensible)
        .flatMap(
            known ->
                known.versions().stream()
                    .filter(version -> version.hash() == hash)
                    .map(version -> new Extent(version.version(), 0, version.length(), 1))
                    .findFirst()
                    .or(() -> new Publication(allocator, known.name()).find(hash)));
  }

  private static void require(Heap heap, long offset, Extent extent) {
    if (heap.getLongAcquire(offset + SharedArrayLayout.MAGIC) != SharedArrayLayout.MAGIC_VALUE) {
      throw noArray(heap, offset);
    }
    long length = heap.getLong(offset + SharedArrayLayout.ELEMENT_LENGTH);
    long descriptor = heap.getLong(offset + SharedArrayLayout.VERSION);
    if (length < 1
        || length != extent.length()
        || descriptor
            != SharedArrayLayout.descriptor(extent.version(), SharedArrayLayout.firstFor(length))) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedArrayException(
          String.format(
              Locale.ROOT,
              "the array at offset %d of %s is damaged: found elements of %d bytes, version %d and"
                  + " 2^%d of them in the first segment, expected %d bytes and version %d. Make it"
                  + " anew",
              offset,
              heap.path(),
              length,
              SharedArrayLayout.version(descriptor),
              SharedArrayLayout.first(descriptor),
              extent.length(),
              extent.version()));
    }
  }

  private static DamagedArrayException noArray(Heap heap, long offset) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedArrayException(
        String.format(
            Locale.ROOT,
            "%s has no array at offset %d: found magic 0x%x, expected 0x%x",
            heap.path(),
            offset,
            heap.getLongAcquire(offset + SharedArrayLayout.MAGIC),
            SharedArrayLayout.MAGIC_VALUE));
  }

  private static LayoutMismatchException mismatch(
      Heap heap, long offset, long hash, Elements<?> declared) {
    return new LayoutMismatchException(
        String.format(
            Locale.ROOT,
            "the array at offset %d of %s has elements with the hash 0x%016x, expected %s with the"
                + " hash 0x%016x: name the type it was made with",
            offset,
            heap.path(),
            hash,
            declared,
            declared.hash()));
  }
}
