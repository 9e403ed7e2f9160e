package dev.rszshm.testkit.history;

import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The operations of the models, called on objects of the JDK. */
final class RealObjects {
  private RealObjects() {}

  @SuppressWarnings("PrimitiveAtomicReference") // small Integers that are equal are the same object
  static Object call(
      AtomicReference<Integer> register, RegisterModel.Operation<Integer> operation) {
    if (operation instanceof RegisterModel.Read<Integer>) {
      return register.get();
    } else if (operation instanceof RegisterModel.Write<Integer> write) {
      register.set(write.value());
      return null;
    } else if (operation instanceof RegisterModel.GetAndSet<Integer> swap) {
      return register.getAndSet(swap.value());
    } else if (operation instanceof RegisterModel.CompareAndSet<Integer> swap) {
      return register.compareAndSet(swap.expected(), swap.value());
    }
    throw new AssertionError(operation);
  }

  static Long call(AtomicLong counter, CounterModel.Operation operation) {
    return operation instanceof CounterModel.GetAndAdd add
        ? counter.getAndAdd(add.amount())
        : counter.get();
  }

  static Object call(
      ConcurrentMap<String, Integer> map, MapModel.Operation<String, Integer> operation) {
    String key = operation.key();
    if (operation instanceof MapModel.Get<String, Integer>) {
      return map.get(key);
    } else if (operation instanceof MapModel.ContainsKey<String, Integer>) {
      return map.containsKey(key);
    } else if (operation instanceof MapModel.Put<String, Integer> put) {
      return map.put(key, put.value());
    } else if (operation instanceof MapModel.PutIfAbsent<String, Integer> put) {
      return map.putIfAbsent(key, put.value());
    } else if (operation instanceof MapModel.Remove<String, Integer>) {
      return map.remove(key);
    } else if (operation instanceof MapModel.RemoveValue<String, Integer> remove) {
      return map.remove(key, remove.expected());
    } else if (operation instanceof MapModel.Replace<String, Integer> replace) {
      return map.replace(key, replace.value());
    } else if (operation instanceof MapModel.ReplaceValue<String, Integer> replace) {
      return map.replace(key, replace.expected(), replace.value());
    }
    throw new AssertionError(operation);
  }

  static Boolean call(Set<Integer> set, SetModel.Operation<Integer> operation) {
    if (operation instanceof SetModel.Add<Integer> add) {
      return set.add(add.element());
    } else if (operation instanceof SetModel.Remove<Integer> remove) {
      return set.remove(remove.element());
    }
    return set.contains(operation.element());
  }

  static Object call(Queue<Integer> queue, QueueModel.Operation<Integer> operation) {
    if (operation instanceof QueueModel.Offer<Integer> offer) {
      return queue.offer(offer.element());
    }
    return operation instanceof QueueModel.Poll<Integer> ? queue.poll() : queue.peek();
  }

  static Integer call(Deque<Integer> stack, StackModel.Operation<Integer> operation) {
    if (operation instanceof StackModel.Push<Integer> push) {
      stack.push(push.element());
      return null;
    }
    return operation instanceof StackModel.Pop<Integer> ? stack.poll() : stack.peek();
  }
}
