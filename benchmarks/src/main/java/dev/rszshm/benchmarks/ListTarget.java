package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A list of numbers, of one kind. A JVM of the benchmark uses one kind only. */
abstract class ListTarget {
  static final String LONGS = "SharedLongList";
  static final String OBJECTS = "SharedList";

  /** Of the JVM, so for one process. */
  static final String JVM = "ArrayList, locked";

  private static final long LARGE = 16L << 30;

  static ListTarget of(String name) {
    return switch (name) {
      case LONGS -> new Longs();
      case OBJECTS -> new Objects();
      case JVM -> new OfJvm();
      default -> throw new IllegalArgumentException("unknown kind of list " + name);
    };
  }

  private static Allocator allocator() {
    return Allocator.on(Heap.builder().span(LARGE).length(1 << 20).createAnonymous());
  }

  /** Makes the list empty. */
  abstract void renew();

  abstract void append(long number);

  abstract long get(int index);

  private static final class Longs extends ListTarget {
    private final Allocator allocator = allocator();
    private SharedLongList list;

    @Override
    void renew() {
      SharedLongList.remove(allocator, "list");
      list = SharedLongList.named(allocator, "list");
    }

    @Override
    void append(long number) {
      list.append(number);
    }

    @Override
    long get(int index) {
      return list.get(index);
    }
  }

  private static final class Objects extends ListTarget {
    private final Allocator allocator = allocator();
    private SharedList<Long> list;

    @Override
    void renew() {
      SharedList.remove(allocator, "list");
      list = SharedList.named(allocator, "list", Codecs.longs());
    }

    @Override
    void append(long number) {
      list.append(number);
    }

    @Override
    long get(int index) {
      return list.get(index);
    }
  }

  private static final class OfJvm extends ListTarget {
    private final ReentrantLock lock = new ReentrantLock();
    private List<Long> list;

    @Override
    void renew() {
      list = new ArrayList<>();
    }

    @Override
    void append(long number) {
      lock.lock();
      try {
        list.add(number);
      } finally {
        lock.unlock();
      }
    }

    @Override
    long get(int index) {
      lock.lock();
      try {
        return list.get(index);
      } finally {
        lock.unlock();
      }
    }
  }
}
