package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.BigTransfer;
import dev.rszshm.examples.ClaimedJobs;
import dev.rszshm.examples.CountUpAndDown;
import dev.rszshm.examples.GrowTogether;
import dev.rszshm.examples.HandOver;
import dev.rszshm.examples.HelloHeap;
import dev.rszshm.examples.Lines;
import dev.rszshm.examples.PassedMemory;
import dev.rszshm.examples.PointerStable;
import dev.rszshm.examples.SharedCounter;
import dev.rszshm.examples.SharedList;
import dev.rszshm.examples.WaitNotify;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example does what it says, in processes of its own. */
class ExamplesIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path() {
    return directory.resolve("example");
  }

  private WorkerProcess start(Class<?> example, String... arguments) {
    List<String> command = WorkerJvm.commandOf(example, "-Xmx512m");
    command.add(path().toString());
    command.addAll(List.of(arguments));
    return WorkerProcess.start(LIMIT, command);
  }

  private List<String> run(Class<?> example, String... arguments) {
    try (WorkerProcess process = start(example, arguments)) {
      process.awaitSuccess();
      return process.heard();
    }
  }

  @Test
  void helloHeapReadsWhatItsFirstRunWrote() {
    String wrote = run(HelloHeap.class).get(0);
    assertTrue(wrote.startsWith("wrote: hello from process "), wrote);
    assertEquals(List.of(wrote.replace("wrote", "read")), run(HelloHeap.class));
    assertFalse(Files.exists(path()));
  }

  @Test
  void sharedCounterCountsWhatAllHaveCounted() {
    try (WorkerProcess a = start(SharedCounter.class, "100000");
        WorkerProcess b = start(SharedCounter.class, "100000")) {
      a.awaitSuccess();
      b.awaitSuccess();
      assertTrue(a.next().startsWith("counted 100000, together "));
    }
    assertEquals(List.of("counted 1, together 200001"), run(SharedCounter.class, "1"));
  }

  @Test
  void growTogetherKeepsEveryRecord() {
    try (WorkerProcess a = start(GrowTogether.class, "a", "20000");
        WorkerProcess b = start(GrowTogether.class, "b", "30000")) {
      a.awaitSuccess();
      b.awaitSuccess();
    }
    try (Heap heap = Heap.builder().readOnly().attach(path())) {
      assertEquals(20_000, GrowTogether.count(heap, 'a'));
      assertEquals(30_000, GrowTogether.count(heap, 'b'));
      assertTrue(heap.length() > 50_000 * 16);
    }
  }

  @Test
  void pointerStableKeepsItsListAndItsAddresses() {
    List<String> first = run(PointerStable.class, "one", "zwölf", "three");
    assertEquals(List.of("three", "zwölf", "one"), words(first));
    List<String> second = run(PointerStable.class, "a".repeat(20_000));
    assertEquals(first, second.subList(1, 4));
  }

  private static List<String> words(List<String> lines) {
    return lines.stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
  }

  @Test
  void sharedListHasEveryWordOnceInTheOrderOfItsProgram() {
    try (WorkerProcess a = start(SharedList.class, "a", "3000");
        WorkerProcess b = start(SharedList.class, "bé", "2000")) {
      a.awaitSuccess();
      b.awaitSuccess();
      assertTrue(a.next().startsWith("appended 3000, now there are "));
    }
    try (Heap heap = Heap.attach(path());
        Allocator allocator = Allocator.on(heap)) {
      List<String> words = SharedList.words(allocator);
      assertEquals(5000, words.size());
      assertEquals(numbered("a", 3000), words.stream().filter(w -> w.startsWith("a")).toList());
      assertEquals(numbered("bé", 2000), words.stream().filter(w -> w.startsWith("bé")).toList());
      assertEquals(5000 + 3, allocator.check().blocks(), "words, their root and its layout");
    }
  }

  private static List<String> numbered(String word, int count) {
    return IntStream.range(0, count).mapToObj(i -> word + i).toList();
  }

  @Test
  void waitNotifyPlaysEveryTurn() {
    try (WorkerProcess ping = start(WaitNotify.class, "ping", "500");
        WorkerProcess pong = start(WaitNotify.class, "pong", "500")) {
      ping.expect("ping has played 500 turns");
      pong.expect("pong has played 500 turns");
      ping.awaitSuccess();
      pong.awaitSuccess();
    }
  }

  @Test
  void countUpAndDownEndsAtZero() {
    try (WorkerProcess up = start(CountUpAndDown.class, "1", "200000");
        WorkerProcess down = start(CountUpAndDown.class, "-1", "200000")) {
      up.awaitSuccess();
      down.awaitSuccess();
    }
    assertEquals(List.of("the number is 0"), run(CountUpAndDown.class, "0", "1"));
  }

  @Test
  void claimedJobsAreAllDoneThoughSomeWhoClaimedThemAreDead() {
    int count = 200_000;
    try (Heap mortal = Heap.builder().open(path());
        Allocator allocator = Allocator.on(mortal)) {
      ClaimedJobs jobs = new ClaimedJobs(allocator, count);
      assertTrue(jobs.claim(0) && jobs.claim(count - 1));
      try (Heap other = Heap.builder().anyAddress().attach(path());
          Allocator its = Allocator.on(other)) {
        assertFalse(new ClaimedJobs(its, count).claim(0), "who claimed it lives");
      }
    }
    try (WorkerProcess killed = start(ClaimedJobs.class, "" + count);
        WorkerProcess worker = start(ClaimedJobs.class, "" + count)) {
      killed.expect("begins");
      killed.kill();
      worker.expect("begins");
      String last = worker.next();
      assertTrue(last.matches("did \\d+ jobs, all " + count + " are done"), last);
      worker.awaitSuccess();
    }
    try (Heap heap = Heap.builder().readOnly().attach(path());
        Allocator allocator = Allocator.on(heap)) {
      assertEquals(1, allocator.check().blocks());
    }
    try (Heap heap = Heap.attach(path());
        Allocator allocator = Allocator.on(heap)) {
      ClaimedJobs jobs = new ClaimedJobs(allocator, count);
      for (int job = 0; job < count; job++) {
        assertTrue(jobs.isDone(job));
        assertEquals((long) job * job, jobs.result(job));
      }
    }
  }

  @Test
  void handOverGivesEveryValueOnce() {
    try (WorkerProcess give = start(HandOver.class, "give", "2000");
        WorkerProcess take = start(HandOver.class, "take", "2000")) {
      give.expect("give: 2000 values, together 2001000");
      take.expect("take: 2000 values, together 2001000");
      give.awaitSuccess();
      take.awaitSuccess();
    }
  }

  @Test
  void linesPrintsWhatAnotherProgramReads() {
    try (WorkerProcess receive = start(Lines.class, "receive");
        WorkerProcess send = start(Lines.class, "send")) {
      List<String> lines = List.of("one", "", "zwölf", "long ".repeat(5000));
      for (String line : lines) {
        send.say(line);
        receive.expect(line);
      }
      send.closeInput();
      send.awaitSuccess();
      receive.awaitSuccess();
      assertFalse(Files.exists(path()));
    }
  }

  @Test
  void bigTransferBringsEveryByte() {
    try (WorkerProcess send = start(BigTransfer.class, "send");
        WorkerProcess receive = start(BigTransfer.class, "receive")) {
      receive.expect("received 100000000 bytes, checksum right");
      String sent = send.next();
      assertTrue(sent.matches("sent 100000000 bytes, \\d+ MB/s"), sent);
      send.awaitSuccess();
      receive.awaitSuccess();
    }
  }

  @Test
  void passedMemoryIsReadAndAnsweredByWhoGetsIt() {
    try (WorkerProcess give = start(PassedMemory.class, "give")) {
      give.expect("waiting at " + path());
      try (WorkerProcess take = start(PassedMemory.class, "take")) {
        take.expect("found: hello from process " + give.pid());
        give.expect("answer: thank you, from process " + take.pid());
        take.awaitSuccess();
        give.awaitSuccess();
      }
    }
    assertFalse(Files.exists(path()));
  }
}
