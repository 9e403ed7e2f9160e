package dev.rszshm.sync.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.sync.Mutex;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The kind and the whole message of each exception of a lock. */
class LockMessageTest {

  /** Does something with a mutex whose holder died with it. */
  private static void assertFailure(String kind, Consumer<Mutex> action, String message) {
    try (Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
      try (Heap dead = Heap.builder().anyAddress().attach(heap.path())) {
        Mutex.at(dead, heap.dataOffset()).lock();
      }
      Mutex mutex = Mutex.at(heap, heap.dataOffset());
      HeapException e = assertThrows(HeapException.class, () -> action.accept(mutex));
      assertEquals(kind, e.kind());
      assertEquals(message.replace("FILE", heap.path().toString()), e.getMessage());
    }
  }

  @Test
  void lockOfADeadHolderSaysHowToRepair() {
    assertFailure(
        "owner-died",
        Mutex::lock,
        "the holder of the mutex at offset 36864 of FILE died with it: what it protects may be half"
            + " changed. Take it with acquire(), repair and markConsistent(), or say how to repair"
            + " with onOwnerDied");
  }

  @Test
  void lockThatWasReleasedUnrepairedIsUnusable() {
    assertFailure(
        "lock-unusable",
        mutex -> {
          mutex.acquireUninterruptibly();
          mutex.unlock();
          mutex.lock();
        },
        "the mutex at offset 36864 of FILE is unusable: its holder died, and the next one released"
            + " it without markConsistent. Repair what it protects, and reset() it");
  }
}
