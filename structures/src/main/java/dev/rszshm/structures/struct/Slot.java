package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import java.util.function.Consumer;

/**
 * A managed reference with a type: a word of the heap that refers to a block in which there is a
 * struct, or is empty. What is done to it happens exactly once or not at all, even if the process
 * dies in the midst of it; see {@link Allocator#allocateInto}. It costs no object where the
 * compiler inlines what uses it, and {@link #offset} is what the allocator's own methods want.
 *
 * @param offset the offset of the word, a multiple of 8
 * @param <T> the record that declares the struct it refers to
 */
public record Slot<T>(long offset) {
  /** Returns the slot at an offset. */
  public static <T> Slot<T> at(long offset) {
    return new Slot<>(offset);
  }

  /**
   * Returns the struct to which the slot refers, or {@link Block#none}. Acquire order.
   *
   * @throws dev.rszshm.allocator.errors.NotASlotException if the word is none that a slot can hold
   */
  public Block<T> get(Allocator allocator) {
    return new Block<>(allocator.get(offset));
  }

  /**
   * Allocates a struct of zeros, and refers to it if the slot is empty.
   *
   * @return the struct, or {@link Block#none} if the slot was not empty
   * @see #allocate(Allocator, StructLayout, Consumer)
   */
  public Block<T> allocate(Allocator allocator, StructLayout<T> layout) {
    return allocate(allocator, layout, block -> {});
  }

  /**
   * Allocates a struct, lets it be filled before others can see it, and refers to it if the slot is
   * empty. If the process dies in this method, the slot refers to the struct, or there is none.
   *
   * @param filler gets the struct, of zeros. If it throws, the block is freed. It may not use other
   *     slots
   * @return the struct, or {@link Block#none} if the slot was not empty
   * @throws IllegalArgumentException if the struct is aligned to more than 16 bytes, which managed
   *     blocks are not
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public Block<T> allocate(
      Allocator allocator, StructLayout<T> layout, Consumer<? super Block<T>> filler) {
    layout.requireManageable();
    return new Block<>(
        allocator.allocateInto(
            offset,
            layout.length(),
            made -> {
              layout.initialize(allocator.heap(), made);
              filler.accept(new Block<>(made));
            }));
  }

  /**
   * Moves the reference to an empty slot. If the process dies in this method, it is in exactly one
   * of the two.
   *
   * @return whether this slot had a reference, and the other was empty
   */
  public boolean moveTo(Allocator allocator, Slot<T> destination) {
    return allocator.move(offset, destination.offset);
  }

  /**
   * Frees the struct to which the slot refers, and empties the slot. If the process dies in this
   * method, both happen or neither. What slots of the struct refer to is not freed.
   *
   * @return whether there was a struct that no other thread was freeing or moving away
   */
  public boolean free(Allocator allocator) {
    return allocator.freeFrom(offset);
  }
}
