package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.process.KillStorm;
import dev.rszshm.testkit.process.StormReport;
import dev.rszshm.testkit.process.StormScene;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers attach, write, grow and detach without end, and are killed wherever they are. */
class HeapStormIT {
  private static final int PAGE = 4096;
  private static final long SPAN = 1L << 32;
  private static final long ENOUGH = 1L << 30;

  /** A worker writes so many records between attaching and closing. */
  private static final int RECORDS = 8;

  /** Between closing and attaching, so that there is time for the start of those who come after. */
  private static final long PAUSE_NANOS = 500_000;

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Arguments: path, the first of its writers, number of writers: one role for each. */
  public static final class Writers implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      int first = Integer.parseInt(worker.argument(1));
      int count = Integer.parseInt(worker.argument(2));
      List<WorkerJob> roles = new ArrayList<>();
      for (int writer = first; writer < first + count; writer++) {
        int role = writer;
        roles.add(context -> write(context, role, count > 1));
      }
      worker.play(roles);
    }

    private static void write(WorkerContext worker, int writer, boolean anyAddress) {
      Path path = Path.of(worker.argument(0));
      while (!worker.isDismissed()) {
        var builder =
            Heap.builder()
                .platform(worker.platform())
                .name("writer-" + writer)
                .growth(GrowthPolicy.step(PAGE));
        try (Heap heap = (anyAddress ? builder.anyAddress() : builder).attach(path)) {
          StormArea area = new StormArea(heap, writer);
          for (int i = 0; i < RECORDS; i++) {
            area.append();
          }
          if (heap.length() < ENOUGH) {
            long length = heap.grow();
            heap.putLongRelease(length - Long.BYTES, length);
          }
          worker.say(writer + " " + area.complete());
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Test
  void nothingIsLostWhenWorkersDieAnywhere() {
    storm(3, 1, Storm.count(8, 2_000));
  }

  @Test
  void nothingIsLostWhenSeveralRolesDieWithTheirJvm() {
    storm(2, 3, Storm.count(6, 200));
  }

  private void storm(int workers, int roles, int kills) {
    int writers = workers * roles;
    // Not one slot to spare: if one were lost, somebody could not attach.
    try (Heap heap =
        Heap.builder()
            .span(SPAN)
            .participants(writers + 1)
            .growth(GrowthPolicy.step(PAGE))
            .name("test")
            .create(directory.resolve("heap"))) {
      heap.ensure(StormArea.length(heap, writers));
      Observer observer = new Observer(heap, workers, roles);
      StormReport report =
          KillStorm.of(
                  WorkerJvm.of(Writers.class),
                  worker -> List.of(heap.path(), worker * roles, roles))
              .workers(workers)
              .kills(kills)
              .dying(400, Duration.ofMillis(10), 0.7)
              .stopping(0.2)
              .deadline(Duration.ofSeconds(300 + kills))
              .onLine(observer::completed)
              .check(observer::check)
              .run();
      System.out.println(workers + " workers with " + roles + " writers each: " + report);
      System.out.println(heap.length() + " bytes, " + observer.total() + " records");
    }
  }

  /** What the test knows, and compares with the heap. */
  private static final class Observer {
    private final Heap heap;
    private final int roles;
    private final long[] acknowledged;
    private final StormArea[] areas;
    private final Map<Integer, Participant> bySlot = new HashMap<>();
    private long length;

    Observer(Heap heap, int workers, int roles) {
      this.heap = heap;
      this.roles = roles;
      this.acknowledged = new long[workers * roles];
      this.areas = new StormArea[workers * roles];
      for (int writer = 0; writer < areas.length; writer++) {
        areas[writer] = new StormArea(heap, writer);
      }
    }

    void completed(int worker, String line) {
      String[] words = line.split(" ");
      int writer = Integer.parseInt(words[0]);
      assertEquals(worker, writer / roles);
      acknowledged[writer] = Long.parseLong(words[1]);
    }

    long total() {
      long total = 0;
      for (StormArea area : areas) {
        total += area.complete();
      }
      return total;
    }

    void check(StormScene scene) {
      requireLength(scene);
      requireParticipants(scene);
      if (scene.victim().isPresent()) {
        requireRecords(scene.victim().getAsInt() * roles, roles);
      } else {
        requireRecords(0, areas.length);
        requireEveryTicket(scene.kills());
        requireEverySlot();
      }
    }

    private void requireLength(StormScene scene) {
      long now = heap.length();
      assertTrue(now >= length, "length " + now + " after " + length);
      assertTrue(heap.path().toFile().length() >= now, "the file is shorter than " + now);
      length = now;
      // Who stands still may have the lock for growing.
      if (scene.bystander().isEmpty() && now < ENOUGH) {
        heap.growTo(now + PAGE);
      }
    }

    private void requireRecords(int first, int count) {
      for (int writer = first; writer < first + count; writer++) {
        areas[writer].verify();
        long complete = areas[writer].complete();
        assertTrue(
            complete >= acknowledged[writer],
            "writer %d has %d records and has acknowledged %d"
                .formatted(writer, complete, acknowledged[writer]));
      }
    }

    /** A record takes one ticket; one that was not finished has taken one as well, or not yet. */
    private void requireEveryTicket(int kills) {
      long taken = heap.getLongVolatile(heap.dataOffset());
      long most = total() + (long) kills * roles;
      assertTrue(taken >= total() && taken <= most, taken + " tickets, records: " + total());
    }

    private void requireParticipants(StormScene scene) {
      List<Participant> standing = List.of();
      if (scene.bystander().isPresent()) {
        standing = of(scene.pid(scene.bystander().getAsInt()));
      }
      heap.reclaimDead();
      List<Participant> all = heap.participants();
      assertTrue(all.containsAll(standing), "of " + standing + " there are only " + all);
      assertTrue(all.contains(heap.self().orElseThrow()), "without this one: " + all);
      scene
          .victim()
          .ifPresent(victim -> assertEquals(List.of(), of(scene.pid(victim)), "the victim"));
      all.forEach(this::requireNewGeneration);
    }

    private List<Participant> of(long pid) {
      return heap.participants().stream().filter(p -> p.pid() == pid).toList();
    }

    /** A slot and a generation mean the same process for ever, and generations only rise. */
    private void requireNewGeneration(Participant now) {
      Participant before = bySlot.put(now.slot(), now);
      if (before != null) {
        int risen = now.generation() - before.generation();
        boolean same = now.pid() == before.pid() && now.attached().equals(before.attached());
        assertTrue(same ? risen == 0 : risen > 0, now + " came after " + before);
      }
    }

    private void requireEverySlot() {
      List<Heap> others = new ArrayList<>();
      try {
        for (int i = 0; i < areas.length; i++) {
          others.add(Heap.builder().anyAddress().attach(heap.path()));
        }
        assertEquals(areas.length + 1, heap.participants().size());
      } finally {
        others.forEach(Heap::close);
      }
      assertEquals(List.of(heap.self().orElseThrow()), heap.participants());
    }
  }
}
