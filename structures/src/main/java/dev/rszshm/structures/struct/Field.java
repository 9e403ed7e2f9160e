package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import dev.rszshm.structures.struct.errors.MissingFieldException;

/**
 * A field of all structs of a layout. Keep it in a {@code static final} variable: then it costs no
 * more than the offset as a number would.
 *
 * <p>A struct is named by its {@link Block}, or by its offset in a region. Accesses are as those of
 * {@link Region}, which says what they throw. A field that was added later to an {@link Extensible}
 * struct looks at the struct's header first: its accesses throw {@link MissingFieldException} if
 * the struct was made by an older program. Any number of threads and processes may use a field.
 *
 * @param <S> the record that declares the struct
 */
public abstract sealed class Field<S>
    permits BooleanField,
        ByteField,
        ShortField,
        CharField,
        IntField,
        LongField,
        FloatField,
        DoubleField,
        TextField,
        SlotField,
        BlockField {
  private final String layout;
  private final StructField field;
  private final long offset;
  private final int elementLength;
  private final int count;
  private final boolean late;

  Field(StructLayout<S> layout, StructField field) {
    this.layout = layout.name();
    this.field = field;
    this.offset = field.offset();
    this.elementLength = field.type().length();
    this.count = field.count();
    this.late = field.since() > 1;
  }

  /** Returns what the layout says of the field. */
  public final StructField description() {
    return field;
  }

  /** Returns the number of elements: 1 if the field is no array. */
  public final int count() {
    return count;
  }

  /**
   * Returns the offset of the field, or of its first element, for accesses by the methods of {@link
   * Region}.
   *
   * @throws MissingFieldException if the struct was made by an older program
   */
  public final long at(Region region, long struct) {
    if (late) {
      requirePresent(region, struct);
    }
    return struct + offset;
  }

  /** Returns the offset of the field in the heap; otherwise as {@link #at(Region, long)}. */
  public final long at(Heap heap, Block<S> struct) {
    return at(heap, struct.required());
  }

  /**
   * Returns the offset of an element; otherwise as {@link #at(Region, long)}.
   *
   * @throws IndexOutOfBoundsException if there is no element of this index
   */
  public final long at(Region region, long struct, int index) {
    if (index < 0 || index >= count) {
      throw outOfBounds(index);
    }
    return at(region, struct) + (long) elementLength * index;
  }

  /** Returns the offset of an element in the heap; as {@link #at(Region, long, int)}. */
  public final long at(Heap heap, Block<S> struct, int index) {
    return at(heap, struct.required(), index);
  }

  /**
   * Returns whether a struct has the field: whether the program that made it knew the field. That
   * is always so for fields of version 1.
   *
   * @throws DamagedStructException if the header of the struct is none that a correct program has
   *     written
   */
  public final boolean isPresent(Region region, long struct) {
    if (!late) {
      return true;
    }
    long header = region.getLongAcquire(struct + StructHeaderLayout.HEADER);
    if (StructHeaderLayout.version(header) < field.since()) {
      return false;
    }
    if (StructHeaderLayout.length(header) < field.end()) {
      throw new DamagedStructException(
          "the struct \""
              + layout
              + "\" at offset "
              + struct
              + " is damaged: its header says version "
              + StructHeaderLayout.version(header)
              + " and a length of "
              + StructHeaderLayout.length(header)
              + " bytes, but field \""
              + field.name()
              + "\" of version "
              + field.since()
              + " ends at "
              + field.end());
    }
    return true;
  }

  /** Returns whether a struct has the field; as {@link #isPresent(Region, long)}. */
  public final boolean isPresent(Heap heap, Block<S> struct) {
    return isPresent(heap, struct.required());
  }

  private void requirePresent(Region region, long struct) {
    if (!isPresent(region, struct)) {
      throw new MissingFieldException(
          "the struct \""
              + layout
              + "\" at offset "
              + struct
              + " has no field \""
              + field.name()
              + "\": it was made in version "
              + StructHeaderLayout.version(
                  region.getLongAcquire(struct + StructHeaderLayout.HEADER))
              + ", and the field was added in version "
              + field.since()
              + ". Ask isPresent, or use getOrDefault");
    }
  }

  private IndexOutOfBoundsException outOfBounds(int index) {
    return new IndexOutOfBoundsException(
        "index "
            + index
            + " out of bounds for field \""
            + field.name()
            + "\" of \""
            + layout
            + "\", which has "
            + count
            + " elements");
  }

  @Override
  public final String toString() {
    return layout + "." + field;
  }
}
