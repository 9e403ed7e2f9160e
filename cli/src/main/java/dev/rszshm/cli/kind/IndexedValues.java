package dev.rszshm.cli.kind;

import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Elements by their index.
 *
 * @param what what they are called: {@code list}
 * @param size how many there are
 * @param getter returns one as text
 * @param setter sets one
 */
record IndexedValues(String what, LongSupplier size, LongFunction<String> getter, Setter setter)
    implements Kind.Values {
  /** Sets an element. */
  interface Setter {
    /** Sets it. */
    void set(long index, String value);
  }

  private static long index(String key) {
    return ElementText.number(key, "the index of an element");
  }

  @Override
  public Optional<String> get(String key) {
    long index = index(key);
    return index < 0 || index >= size.getAsLong()
        ? Optional.empty()
        : Optional.of(getter.apply(index));
  }

  @Override
  public void put(String key, String value) {
    long index = index(key);
    long elements = size.getAsLong();
    if (index < 0 || index >= elements) {
      throw new IllegalArgumentException(
          elements == 0
              ? "the " + what + " has no elements, and put changes those that there are"
              : "the " + what + " has elements 0 to " + (elements - 1) + ", found " + key);
    }
    setter.set(index, value);
  }
}
