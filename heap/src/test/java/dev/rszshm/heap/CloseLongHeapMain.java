package dev.rszshm.heap;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Closes a heap that is longer than the data this process may have, beside a thread in a heap. */
final class CloseLongHeapMain {
  private static final long LENGTH = 4L << 30;

  private CloseLongHeapMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Heap heap =
        Heap.builder()
            .span(2 * LENGTH)
            .length(LENGTH)
            .backing(Backing.SPARSE)
            .create(Path.of(arguments[0]));
    CountDownLatch working = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                for (long i = 0; ; i = (i + 4096) % (LENGTH / 2)) {
                  heap.getLong(heap.dataOffset() + i);
                  working.countDown();
                }
              } catch (IllegalStateException closed) {
                // as it should be
              }
            });
    thread.start();
    working.await();
    heap.close();
    thread.join();
    heap.remove();
    System.out.println("closed");
  }
}
