package dev.rszshm.heap.internal.raw;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.map.Closing;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.spi.Memory;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a heap below its checks, by address, for structures of this project that check once
 * and access often.
 *
 * <p>Whoever gets it is registered: a heap that is closed keeps its addresses while a thread is in
 * a method of such a package ({@link RetiredSpans}). And whoever uses it
 *
 * <ul>
 *   <li>stays below {@link Heap#base} + {@link Heap#mappedLength};
 *   <li>looks whether the heap {@link Heap#isOpen} before each operation, and again after whatever
 *       may block or runs the caller's code.
 * </ul>
 */
public final class RawAccess {
  /**
   * The classes whose packages are registered; the look costs little, so that anybody may ask
   * often.
   */
  private static final ClassValue<Boolean> REGISTERED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> user) {
          RetiredSpans.register(user.getPackageName());
          return true;
        }
      };

  /** More words than any address space has. */
  private static final long WORD_NUMBERS = (1L << 59) - 1;

  private static @Nullable Function<Heap, Memory> memoryOf;

  private RawAccess() {}

  /** Connects this class with that of heaps, which alone has a heap's memory. */
  public static void connect(Function<Heap, Memory> memory) {
    memoryOf = memory;
  }

  /**
   * Whether a heap is open, as {@link Heap#isOpen} says, for what is done most often: as long as
   * this JVM has not closed any, compiled code does not even look at this one.
   */
  public static boolean isOpen(Heap heap) {
    return !Closing.happened() || heap.isOpen();
  }

  /**
   * Returns an address that is a multiple of 8, as it is. Compiled code sees from this that it is
   * one, and far from the last there can be: the checks that {@code java.lang.foreign} makes at
   * each access to a word at a constant distance are done when it is compiled.
   */
  public static long ofWord(long address) {
    return (address >>> 3 & WORD_NUMBERS) << 3;
  }

  /**
   * Returns the memory of a heap.
   *
   * @param user a class of the package that uses it; the packages below that one are registered as
   *     well
   */
  public static Memory of(Heap heap, Class<?> user) {
    if (!REGISTERED.get(user)) {
      throw new AssertionError("a class is registered or it is not: " + user);
    }
    return Objects.requireNonNull(memoryOf, "heaps connect themselves before there is one")
        .apply(heap);
  }
}
