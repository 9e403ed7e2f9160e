package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Running something once. */
@Timeout(300)
class OnceTest {
  @Test
  void ofManyWhoAskOneRunsItAndAllSeeWhatItDid() throws Exception {
    try (Attachments a = new Attachments()) {
      List<Background<Boolean>> threads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Heap in = i % 2 == 0 ? a.heap : a.other;
        Once once = Once.at(in, a.offset);
        threads.add(
            Background.start(
                () -> {
                  boolean mine =
                      once.run(() -> in.putLong(a.offset + 64, in.getLong(a.offset + 64) + 1));
                  assertTrue(once.isDone());
                  assertEquals(1, in.getLong(a.offset + 64));
                  return mine;
                }));
      }
      int ran = 0;
      for (Background<Boolean> thread : threads) {
        ran += thread.get() ? 1 : 0;
      }
      assertEquals(1, ran);
    }
  }

  @Test
  void whatThrewIsRunAgain() {
    try (Attachments a = new Attachments()) {
      Once once = Once.at(a.heap, a.offset);
      RuntimeException fault = new RuntimeException();
      assertSame(
          fault,
          assertThrows(
              RuntimeException.class,
              () ->
                  once.run(
                      () -> {
                        throw fault;
                      })));
      assertFalse(once.isDone());
      assertTrue(Once.at(a.other, a.offset).run(() -> {}));
      assertFalse(once.run(() -> {}));
    }
  }

  @Test
  void whoDiesInTheBodyIsFollowedByTheNext() throws Exception {
    try (Attachments a = new Attachments()) {
      Once once = Once.at(a.heap, a.offset);
      Once others = Once.at(a.other, a.offset);
      assertThrows(IllegalStateException.class, () -> others.run(a.other::close));
      assertFalse(once.isDone());
      assertTrue(once.run(() -> {}));
      assertTrue(once.isDone());
    }
  }

  @Test
  void aBodyThatAsksForItselfIsTold() {
    try (Attachments a = new Attachments()) {
      Once once = Once.at(a.heap, a.offset);
      assertThrows(IllegalMonitorStateException.class, () -> once.run(() -> once.run(() -> {})));
      assertTrue(once.run(() -> {}));
    }
  }
}
