package dev.rszshm.structures.struct;

import java.util.NoSuchElementException;

/**
 * A reference to a struct: an offset in the heap, with the type of what is there. It is a value
 * like the offset itself, and costs no object where the compiler inlines what uses it.
 *
 * @param offset the offset in the heap, the same in every process; 0 if it refers to none
 * @param <S> the record that declares the struct
 */
public record Block<S>(long offset) {
  /** Returns the reference to the struct at an offset; 0 refers to none. */
  public static <S> Block<S> at(long offset) {
    return new Block<>(offset);
  }

  /** Returns the reference that refers to none. */
  public static <S> Block<S> none() {
    return new Block<>(0);
  }

  /** Returns whether it refers to a struct. */
  public boolean isPresent() {
    return offset != 0;
  }

  /** Returns the offset of a struct that must be there. */
  long required() {
    if (offset == 0) {
      throw new NoSuchElementException(
          "the reference refers to no struct: ask isPresent() before its fields");
    }
    return offset;
  }
}
