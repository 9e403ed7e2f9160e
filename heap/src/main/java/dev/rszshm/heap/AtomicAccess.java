package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.wait.WordWait;
import dev.rszshm.heap.spi.Platform;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Atomic changes of 32- and 64-bit words, all with volatile order, and waiting for a word to
 * change. Offsets are multiples of the word's size. If the process dies in one of them, the change
 * has happened or it has not. The same holds for a call that throws because another thread closes
 * the heap at that moment; a call that returns has changed, or seen, what is in the heap.
 */
abstract sealed class AtomicAccess extends OrderedAccess permits ValueAccess {
  AtomicAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** Sets a word if it holds the expected value, and returns whether it did. */
  public final boolean compareAndSetInt(long offset, int expected, int value) {
    return inTheHeap(memory.compareAndSetInt(alignedWriteAddress(offset, 4), expected, value));
  }

  /** Sets a word if it holds the expected value, and returns what it held. */
  public final int compareAndExchangeInt(long offset, int expected, int value) {
    return inTheHeap(memory.compareAndExchangeInt(alignedWriteAddress(offset, 4), expected, value));
  }

  /** Adds to a word, and returns what it held before. Overflow wraps around. */
  public final int getAndAddInt(long offset, int delta) {
    return inTheHeap(memory.getAndAddInt(alignedWriteAddress(offset, 4), delta));
  }

  /** Sets a word, and returns what it held before. */
  public final int getAndSetInt(long offset, int value) {
    return inTheHeap(memory.getAndSetInt(alignedWriteAddress(offset, 4), value));
  }

  /** Sets the bits of a mask, and returns what the word held before. */
  public final int getAndBitwiseOrInt(long offset, int mask) {
    return inTheHeap(memory.getAndBitwiseOrInt(alignedWriteAddress(offset, 4), mask));
  }

  /** Keeps only the bits of a mask, and returns what the word held before. */
  public final int getAndBitwiseAndInt(long offset, int mask) {
    return inTheHeap(memory.getAndBitwiseAndInt(alignedWriteAddress(offset, 4), mask));
  }

  /** Sets a word if it holds the expected value, and returns whether it did. */
  public final boolean compareAndSetLong(long offset, long expected, long value) {
    return inTheHeap(memory.compareAndSetLong(alignedWriteAddress(offset, 8), expected, value));
  }

  /** Sets a word if it holds the expected value, and returns what it held. */
  public final long compareAndExchangeLong(long offset, long expected, long value) {
    return inTheHeap(
        memory.compareAndExchangeLong(alignedWriteAddress(offset, 8), expected, value));
  }

  /** Adds to a word, and returns what it held before. Overflow wraps around. */
  public final long getAndAddLong(long offset, long delta) {
    return inTheHeap(memory.getAndAddLong(alignedWriteAddress(offset, 8), delta));
  }

  /** Sets a word, and returns what it held before. */
  public final long getAndSetLong(long offset, long value) {
    return inTheHeap(memory.getAndSetLong(alignedWriteAddress(offset, 8), value));
  }

  /** Sets the bits of a mask, and returns what the word held before. */
  public final long getAndBitwiseOrLong(long offset, long mask) {
    return inTheHeap(memory.getAndBitwiseOrLong(alignedWriteAddress(offset, 8), mask));
  }

  /** Keeps only the bits of a mask, and returns what the word held before. */
  public final long getAndBitwiseAndLong(long offset, long mask) {
    return inTheHeap(memory.getAndBitwiseAndLong(alignedWriteAddress(offset, 8), mask));
  }

  private boolean inTheHeap(boolean done) {
    span.requireOpen(); // or it was done where nobody looks
    return done;
  }

  private int inTheHeap(int before) {
    span.requireOpen();
    return before;
  }

  private long inTheHeap(long before) {
    span.requireOpen();
    return before;
  }

  /**
   * Waits while a word holds a value, without using the processor, and returns as soon as it holds
   * another. Whoever changes the word calls {@link #wake} then.
   *
   * <p>Other threads and the garbage collector are not held up. An interrupt, and a change that
   * nobody announced, are noticed about 50 ms later at most; a close of the heap at once.
   *
   * @param offset a multiple of 4
   * @param value the value that is waited to go away
   * @param timeout how long to wait at most; zero or less: only look
   * @return whether the word has changed; false if the time ran out
   * @throws InterruptedException if the thread is or was interrupted
   * @throws IllegalStateException if the heap is closed, before or during the wait
   */
  public final boolean waitWhile(long offset, int value, Duration timeout)
      throws InterruptedException {
    span.requireShared();
    return new WordWait(new WaitedWords(), calls, span.waiters).await(offset, value, timeout);
  }

  /**
   * Sleeps once while a word holds a value, for synchronizers that look at more than one word, or
   * must not be interrupted. Returns when it is woken, when the time is over, or for no reason.
   *
   * <p>Call it in a loop, and look at interrupts and, every 50 ms, at who has died between two
   * calls. The sleep is no longer than 50 ms, unless the thread has just slept for so long on the
   * same words with the same values: then it lasts for seconds, and ends when the thread is
   * interrupted, the heap is closed, a word has changed, or a participant of the heap has gone, all
   * within about 50 ms. Whoever looks at something else too, of which none of this tells, asks for
   * 50 ms at most, and gets no more. Signals of the system that this thread handles meanwhile do
   * not end the sleep, and may make it longer, up to twice as long, if so much time is left.
   *
   * @param offset a multiple of 4
   * @param value the value that is waited to go away; if the word holds another, nobody sleeps
   * @param nanos how long to sleep at most
   * @return whether the time is over: nobody has woken this thread
   * @throws IllegalStateException if the heap is closed
   */
  public final boolean sleepWhile(long offset, int value, long nanos) {
    span.requireShared();
    return new WordWait(new WaitedWords(), calls, span.waiters).sleep(offset, value, nanos);
  }

  /**
   * As {@link #sleepWhile(long, int, long)}, while each of several words holds a value.
   *
   * @param offsets 1 to 128 of them, each a multiple of 4
   * @param values what is waited to go away, for each word
   */
  public final boolean sleepWhile(long[] offsets, int[] values, long nanos) {
    span.requireShared();
    return new WordWait(new WaitedWords(), calls, span.waiters).sleep(offsets, values, nanos);
  }

  /** Returns the time of the monotonic clock on which time-outs run, in nanoseconds. */
  public final long nanoTime() {
    return calls.nanoTime();
  }

  /** Returns the id of this process. */
  public final long processId() {
    return calls.identity().pid();
  }

  /** Returns how many threads of this machine can run at a time. */
  public final int processors() {
    return calls.processors();
  }

  /**
   * Wakes threads of any process that wait for a word to change.
   *
   * @param offset a multiple of 4
   * @param count how many to wake at most
   * @return how many were woken
   */
  public final int wake(long offset, int count) {
    long address = alignedReadAddress(offset, Integer.BYTES);
    return span.mapping() == Mapping.COPYING
        ? 0 // nobody waits for what this process alone has
        : span.onAddresses(() -> calls.wakeWord(address, count));
  }

  /** The words of this region, for those who sleep. */
  private final class WaitedWords implements WordWait.Words {
    @Override
    public int value(long offset) {
      return getIntVolatile(offset);
    }

    @Override
    public long address(long offset) {
      return alignedReadAddress(offset, Integer.BYTES);
    }

    @Override
    public <T> T inKernel(Supplier<T> call) {
      return span.onAddresses(call);
    }
  }
}
