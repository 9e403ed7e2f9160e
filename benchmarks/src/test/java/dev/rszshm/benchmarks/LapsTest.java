package dev.rszshm.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The works of the benchmarks {@code sync} and {@code channels}, and how they are compared. */
@Timeout(300)
class LapsTest {
  private static final int LAPS = 3;
  private static final int OPERATIONS = 100;

  private static Path locks;
  private static Path messages;

  @TempDir private Path directory;

  @BeforeAll
  static void compile() throws Exception {
    if (Project.hasCompiler()) {
      locks = Project.syncProgram();
      messages = Project.channelProgram();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lock, ReentrantLock, 1, 100",
    "lock, Monitor, 1, 100",
    "contended, Mutex, 2, 200",
    "contended, FastMutex, 2, 200",
    "handover, Mutex, 2, 200",
    "semaphore, Semaphore, 1, 100",
    "semaphore, SharedSemaphore, 1, 100",
    "semaphore-ping-pong, SharedSemaphore, 2, 100",
    "condition-ping-pong, Mutex, 2, 100",
    "condition-ping-pong, Monitor, 2, 100",
    "one-way-32, 'Channel, slots', 2, 100",
    "one-way-256, 'Channel, slots, spinning', 2, 100",
    "one-way-32, 'Channel, stream', 2, 100",
    "one-way-32, 'Channel, one to one', 2, 100",
    "one-way-256, 'Channel, stream, one to one, spinning', 2, 100",
    "one-thread-32, 'Channel, one to one, spinning', 1, 512",
    "one-way-32, SharedQueue, 2, 100",
    "one-way-32, 'SharedQueue, spinning', 2, 100",
    "ycsb-a, SharedLongMap, 1, 100",
    "ycsb-d, SharedLongMap, 1, 100",
    "list-append, SharedLongList, 1, 100",
    "list-append, SharedList, 1, 100",
    "list-append, 'ArrayList, locked', 1, 100",
    "list-get, SharedLongList, 1, 100",
    "list-get, SharedList, 1, 100",
    "round-trip, 'Channel, slots, spinning', 2, 100",
    "round-trip, 'pipe, JVMs', 2, 100"
  })
  void membersDoEveryWorkInEveryLap(String work, String target, int members, long operations)
      throws Exception {
    for (Lap lap : inThreads(new LapSetting(work, members, Placement.FREE, OPERATIONS), target)) {
      assertEquals(operations, lap.operations());
      assertTrue(lap.nanos() > 0);
    }
  }

  @Test
  void aCopyCountsBytes() throws Exception {
    for (Lap lap : inThreads(LapSetting.alone("copy", 2), "Heap.copy")) {
      assertEquals(2 << 20, lap.operations());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lock, 100",
    "contended, 200",
    "handover, 200",
    "semaphore, 100",
    "semaphore-ping-pong, 100",
    "condition-ping-pong, 100"
  })
  void processesInCdoTheSameWorksWithLocks(String work, long operations) throws Exception {
    assumeTrue(Project.hasCompiler(), "no C compiler: cc is not on the path");
    LapSetting setting = LapSetting.pair(work, Placement.TOGETHER, OPERATIONS);
    for (String kind : List.of("robust", "plain")) {
      assertLaps(operations, new CLaps(locks, setting, kind));
    }
  }

  @ParameterizedTest
  @CsvSource({"round-trip, 2", "copy, 2097152"})
  void processesInCdoTheSameWorksWithMessages(String work, long operations) throws Exception {
    assumeTrue(Project.hasCompiler(), "no C compiler: cc is not on the path");
    LapSetting setting = LapSetting.pair(work, Placement.TOGETHER, 2);
    assertLaps(operations, new CLaps(messages, setting));
  }

  @Test
  void listsOfProcessorsAreReadAsTheKernelWritesThem() {
    assertEquals(List.of(0, 1, 2, 3, 8, 10, 11), Placement.parse("0-3,8,10-11"));
  }

  private static void assertLaps(long operations, LapGroup started) throws Exception {
    try (LapGroup group = started) {
      for (int lap = 0; lap < LAPS; lap++) {
        assertEquals(operations, group.lap().operations());
      }
    }
  }

  @Test
  void locksAreMeasuredBesideThoseOfPthreads() throws Exception {
    assumeTrue(Project.hasCompiler(), "no C compiler: cc is not on the path");
    String result =
        new SyncBenchmark().run(options("--work handover --operations 50 --warmup 1 --rounds 1"));
    assertAll(
        () ->
            assertTrue(
                result.contains("| `handover`, one core | Mutex | pthread robust |"), result),
        () -> assertTrue(result.contains("| `handover`, two cores | pthread | mean |"), result));
  }

  @Test
  void ringsAreMeasuredBesidePipes() throws Exception {
    assumeTrue(Project.hasCompiler(), "no C compiler: cc is not on the path");
    String result =
        new ChannelBenchmark()
            .run(options("--work round-trip --operations 50 --warmup 1 --rounds 1"));
    assertAll(
        () ->
            assertTrue(
                result.contains("| `round-trip`, two cores | Agrona one-to-one | p99 |"), result),
        () -> assertTrue(result.contains("| `round-trip`, one core | pipe, C | p50 |"), result));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2})
  void aMessageOutOfOrderIsFound(long number) {
    MessageCheck check = new MessageCheck();
    check.accept(32, 32, 0, MessageCheck.lastWord(0));
    long last = MessageCheck.lastWord(number);
    assertThrows(IllegalStateException.class, () -> check.accept(32, 32, number, last));
  }

  @Test
  void aMessageThatIsChangedOrCutIsFound() {
    long last = MessageCheck.lastWord(0);
    assertAll(
        () ->
            assertThrows(
                IllegalStateException.class, () -> new MessageCheck().accept(32, 32, 0, last + 1)),
        () ->
            assertThrows(
                IllegalStateException.class, () -> new MessageCheck().accept(24, 32, 0, last)));
  }

  private List<Lap> inThreads(LapSetting setting, String target) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(setting.members());
    try (Heap heap = Heap.builder().create()) {
      try {
        heap.ensure(heap.dataOffset() + LapBoard.LENGTH + (32 << 20));
        List<Future<?>> members = new ArrayList<>();
        for (int i = 0; i < setting.members(); i++) {
          int number = i;
          members.add(threads.submit(() -> beMember(heap, setting, target, number)));
        }
        LapBoard board = new LapBoard(heap, heap.dataOffset());
        List<Lap> laps = new ArrayList<>();
        for (int lap = 0; lap < LAPS; lap++) {
          laps.add(board.lap(setting.members(), List.of()));
        }
        for (Future<?> member : members) {
          member.get();
        }
        return laps;
      } finally {
        threads.shutdownNow();
        heap.remove();
      }
    }
  }

  private Void beMember(Heap heap, LapSetting setting, String target, int number) throws Exception {
    LapBoard board = new LapBoard(heap, heap.dataOffset());
    LapMember member =
        new LapMember(
            heap, directory, heap.dataOffset() + LapBoard.LENGTH, number, setting.operations());
    LapWork work = LapWorks.make(setting.work(), target, member);
    for (int lap = 0; lap < LAPS; lap++) {
      board.run(number, lap, work);
    }
    return null;
  }

  private static Options options(String words) {
    return new Options(List.of(words.split(" ")));
  }
}
