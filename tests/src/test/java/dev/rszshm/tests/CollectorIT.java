package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.testkit.process.Jdk;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JVMs of every flavour attach to the same heap: all collectors, compressed object pointers on and
 * off, large heaps of their own. What a heap's address must never meet is what such a JVM reserves
 * for itself.
 */
class CollectorIT {
  private static final List<String> FLAVOURS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseSerialGC -XX:-UseCompressedOops",
          "-XX:+UseParallelGC",
          "-XX:+UseParallelGC -XX:-UseCompressedOops",
          "-XX:+UseG1GC",
          "-XX:+UseG1GC -XX:-UseCompressedOops",
          "-XX:+UseG1GC -Xmx2t",
          "-XX:+UseG1GC -Xmx8t",
          "-XX:+UseSerialGC -Xmx256g",
          "-XX:+UseParallelGC -Xmx256g",
          "-XX:+UseParallelGC -Xmx2t",
          "-XX:+UseZGC",
          "-XX:+UseZGC -XX:+ZGenerational",
          "-XX:+UseZGC -Xmx2t",
          "-XX:+UseZGC -Xmx8t",
          "-XX:+UseShenandoahGC",
          "-XX:+UseShenandoahGC -XX:-UseCompressedOops",
          "-XX:+UseShenandoahGC -Xmx2t");

  /** Of the other JDKs that are here; each has all of them where it runs the build. */
  private static final List<String> FLAVOURS_OF_OTHERS = List.of("-XX:+UseG1GC", "-XX:+UseZGC");

  private static final int AT_ONCE = 2;
  private static final int ROUND = 64;

  @TempDir(factory = InMemory.class)
  Path directory;

  @Test
  void noFlavourOfJvmCollidesWithTheHeap() throws IOException {
    List<Flavour> flavours = startable();
    assertFalse(flavours.isEmpty());
    int attaches = Storm.count(flavours.size(), Math.max(1_000, flavours.size()));
    Path heap = null;
    Deque<Running> running = new ArrayDeque<>();
    for (int i = 0; i < attaches; i++) {
      Flavour flavour = flavours.get(i % flavours.size());
      if (i % ROUND == 0) {
        // Each flavour makes a heap in its turn, at another address each time.
        running.forEach(Running::finish);
        running.clear();
        heap = directory.resolve("heap-" + i);
        create(flavours.get(i / ROUND * 5 % flavours.size()), heap);
      }
      running.add(new Running(flavour, flavour.start("attach", heap)));
      if (running.size() == AT_ONCE) {
        running.remove().finish();
      }
    }
    running.forEach(Running::finish);
    report(flavours);
    for (Flavour flavour : flavours) {
      assertEquals(0, flavour.collisions, flavour.name());
    }
  }

  private static void create(Flavour flavour, Path heap) {
    try (WorkerProcess maker = flavour.start("create", heap)) {
      maker.expect("made");
      maker.awaitSuccess();
    }
  }

  private static List<Flavour> startable() {
    List<Flavour> found = new ArrayList<>();
    for (Jdk jdk : Jdk.installed()) {
      boolean all = Storm.isOn() || jdk.equals(Jdk.current());
      for (String flags : all ? FLAVOURS : FLAVOURS_OF_OTHERS) {
        if (jdk.starts(List.of(flags.split(" ")))) {
          found.add(new Flavour(jdk, flags));
        } else {
          System.out.println("skipped: " + jdk + " does not start here with " + flags);
        }
      }
    }
    return found;
  }

  /** A table for the documentation. */
  private static void report(List<Flavour> flavours) throws IOException {
    StringBuilder table = new StringBuilder("| JDK | flags | attaches | collisions |\n");
    table.append("|---|---|---:|---:|\n");
    int attaches = 0;
    int collisions = 0;
    for (Flavour f : flavours) {
      table.append(
          "| %d | `%s` | %d | %d |%n"
              .formatted(f.jdk.feature(), f.flags, f.attaches, f.collisions));
      attaches += f.attaches;
      collisions += f.collisions;
    }
    table.append("| | all | %d | %d |%n".formatted(attaches, collisions));
    System.out.println(table);
    Files.writeString(
        Path.of(System.getProperty("dev.rszshm.target", "target")).resolve("collectors.md"), table);
  }

  /** A JDK with flags, and what has become of its attaches. */
  private static final class Flavour {
    private final Jdk jdk;
    private final String flags;
    private int attaches;
    private int collisions;

    Flavour(Jdk jdk, String flags) {
      this.jdk = jdk;
      this.flags = flags;
    }

    WorkerProcess start(String action, Path heap) {
      return WorkerJvm.of(Attacher.class)
          .on(jdk)
          .withOnly(List.of(flags.split(" ")))
          .start(action, heap);
    }

    String name() {
      return jdk + " " + flags;
    }
  }

  private record Running(Flavour flavour, WorkerProcess process) {
    void finish() {
      try (process) {
        String answer = process.next();
        flavour.attaches++;
        if (answer.startsWith("collision")) {
          flavour.collisions++;
          System.out.println(flavour.name() + ": " + answer);
        } else {
          assertEquals("attached", answer, flavour.name());
        }
        process.awaitSuccess();
      }
    }
  }

  /** Makes the heap, or attaches, grows it, fills what it grew, and collects garbage meanwhile. */
  public static final class Attacher implements WorkerJob {
    private static final int PAGE = 4096;

    @Override
    public void run(WorkerContext worker) {
      Path path = Path.of(worker.argument(1));
      if (worker.argument(0).equals("create")) {
        Heap.builder().create(path).close();
        worker.say("made");
        return;
      }
      try (Heap heap = Heap.attach(path)) {
        use(heap);
        worker.say("attached");
      } catch (AddressTakenException e) {
        worker.say("collision: " + e.getMessage());
      }
    }

    @SuppressWarnings("ModifiedButNotUsed") // garbage, for the collector to find
    private static void use(Heap heap) {
      byte letter = (byte) heap.getAndAddLong(heap.dataOffset(), 1);
      long own = heap.getAndAddLong(heap.dataOffset() + 8, PAGE) + heap.dataOffset() + PAGE;
      heap.ensure(own + PAGE);
      List<byte[]> garbage = new ArrayList<>();
      for (int i = 0; i < PAGE; i++) {
        heap.putByte(own + i, letter);
        garbage.add(new byte[i]);
        if (i % 1024 == 0) {
          garbage.clear();
        }
      }
      System.gc();
      for (int i = 0; i < PAGE; i++) {
        if (heap.getByte(own + i) != letter) {
          throw new IllegalStateException("lost a byte at " + (own + i));
        }
      }
    }
  }
}
