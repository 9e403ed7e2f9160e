package dev.rszshm.structures.queue;

import dev.rszshm.structures.internal.queue.Draining;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The methods of a deque that follow from others: those that throw, of a queue and of a stack. */
abstract class EndMethods<E> extends AbstractQueue<E> implements BlockingDeque<E> {
  /** What messages call it. */
  abstract Object name();

  /** How many elements there can be. */
  abstract long capacity();

  // At either end.

  @Override
  public void addFirst(E element) {
    requireDone(offerFirst(element));
  }

  @Override
  public void addLast(E element) {
    requireDone(offerLast(element));
  }

  private void requireDone(boolean done) {
    if (!done) {
      throw new IllegalStateException(name() + " is full: it has " + capacity() + " elements");
    }
  }

  private E requirePresent(@Nullable E element) {
    if (element == null) {
      throw new NoSuchElementException(name() + " has no elements");
    }
    return element;
  }

  @Override
  public E removeFirst() {
    return requirePresent(pollFirst());
  }

  @Override
  public E removeLast() {
    return requirePresent(pollLast());
  }

  @Override
  public E getFirst() {
    return requirePresent(peekFirst());
  }

  @Override
  public E getLast() {
    return requirePresent(peekLast());
  }

  // As a queue, and as a stack.

  @Override
  public boolean offer(E element) {
    return offerLast(element);
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return offerLast(element, timeout, unit);
  }

  @Override
  public void put(E element) throws InterruptedException {
    putLast(element);
  }

  @Override
  public E take() throws InterruptedException {
    return takeFirst();
  }

  @Override
  public @Nullable E poll() {
    return pollFirst();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return pollFirst(timeout, unit);
  }

  @Override
  public @Nullable E peek() {
    return peekFirst();
  }

  @Override
  public void push(E element) {
    addFirst(element);
  }

  @Override
  public E pop() {
    return removeFirst();
  }

  @Override
  public boolean remove(@Nullable Object object) {
    return removeFirstOccurrence(object);
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /**
   * Takes first elements until there are no more, one after the other, and adds them to a
   * collection. If that refuses one, it is lost. If one cannot be decoded, those before it are in
   * the collection.
   */
  @Override
  public int drainTo(Collection<? super E> target, int most) {
    return Draining.drain(this, target, most);
  }
}
