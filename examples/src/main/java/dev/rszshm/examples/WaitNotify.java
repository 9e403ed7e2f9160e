package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Two programs that play ping and pong: each waits for its turn without using the processor, and
 * wakes the other.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.WaitNotify /dev/shm/table ping 1000 &
 * java … dev.rszshm.examples.WaitNotify /dev/shm/table pong 1000
 * }</pre>
 */
public final class WaitNotify {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private WaitNotify() {}

  /** Takes the path of the heap, who to be, and how many turns to play. */
  public static void main(String[] args) throws InterruptedException {
    int me = args[1].equals("ping") ? 0 : 1;
    int turns = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().length(Integer.BYTES).open(Path.of(args[0]))) {
      long ball = heap.dataOffset(); // who has the ball; 0 in a new heap, so ping begins
      for (int turn = 0; turn < turns; turn++) {
        // Returns when the word has changed, and false when nobody has played for too long.
        if (!heap.waitWhile(ball, 1 - me, PATIENCE)) {
          throw new IllegalStateException("the other one has not played for " + PATIENCE);
        }
        heap.putIntVolatile(ball, 1 - me); // first change the word,
        heap.wake(ball, 1); // then wake who waits for it
      }
      System.out.println(args[1] + " has played " + turns + " turns");
    }
  }
}
