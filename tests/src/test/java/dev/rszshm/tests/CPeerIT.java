package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A C program, written from docs/FORMAT.md alone, beside JVMs in the same heap. */
class CPeerIT {
  private static final int PAGE = 4096;
  private static final long SPAN = 1L << 30;

  private static CPeer c;

  @TempDir(factory = InMemory.class)
  Path directory;

  @BeforeAll
  static void compile(@TempDir Path build) {
    c = CPeer.compile(build);
  }

  private Heap create() {
    return Heap.builder().span(SPAN).name("java").participants(4).create(directory.resolve("heap"));
  }

  @Test
  void cFollowsWhatJavaGrowsAndIsAParticipant() {
    try (Heap heap = create();
        WorkerProcess follower = c.start("follow", heap.path(), 1 << 20)) {
      follower.expect("attached " + heap.length());
      Participant peer = heap.participants().get(1);
      assertEquals("rszshm_peer", peer.name());
      assertEquals(follower.pid(), peer.pid());
      assertTrue(peer.alive());
      assertTrue(heap.isAlive(peer.slot(), peer.generation()));
      assertEquals(heap.self().orElseThrow().process().bootId(), peer.process().bootId());
      assertEquals(heap.self().get().process().pidNamespace(), peer.process().pidNamespace());
      heap.growTo(1 << 20);
      assertEquals("length " + (1 << 20), follower.ask("look"));
      follower.closeInput();
      follower.awaitSuccess();
      assertEquals(List.of(heap.self().get()), heap.participants());
    }
  }

  @Test
  void aKilledCProcessIsDeadForJava() {
    try (Heap heap = create()) {
      Participant peer;
      try (WorkerProcess follower = c.start("follow", heap.path(), 0)) {
        follower.next();
        peer = heap.participants().get(1);
        follower.stop();
        assertTrue(heap.isAlive(peer.slot(), peer.generation()));
        follower.kill();
      }
      assertFalse(heap.isAlive(peer.slot(), peer.generation()));
      assertEquals(1, heap.reclaimDead());
    }
  }

  @Test
  void aKilledJvmIsDeadForC() {
    try (WorkerProcess agent = HeapAgent.start("agent")) {
      Path path = directory.resolve("heap");
      agent.ask("create " + path);
      assertEquals(1, participants(c.run("info", path), " live ").size());
      agent.kill();
      assertEquals(1, participants(c.run("info", path), " dead ").size());
    }
  }

  private static List<String> participants(List<String> info, String state) {
    return info.stream().filter(l -> l.startsWith("participant ") && l.contains(state)).toList();
  }

  @Test
  void javaFollowsWhatCGrows() {
    try (Heap heap = create()) {
      long before = heap.length();
      long after = before + 10 * PAGE;
      assertEquals(
          List.of("old " + before + " new " + after), c.run("grow", heap.path(), after - 1));
      assertEquals(after, heap.length());
      assertEquals(1, HeapInfo.of(heap.path()).growths());
      heap.putLongVolatile(after - 8, 7);
      assertEquals(7, heap.getLongVolatile(after - 8));
      assertEquals(after + PAGE, heap.growTo(after + 1));
      assertEquals(2, HeapInfo.of(heap.path()).growths());
    }
  }

  @Test
  void eachReadsWhatTheOtherWrote() throws IOException {
    try (Heap heap = create()) {
      long data = heap.dataOffset();
      c.run("write", heap.path(), data + 5, "written by C");
      assertEquals("written by C", heap.getUtf8(data + 5, 12));
      heap.putUtf8(data + 100, "written by Java\n");
      assertEquals(List.of("written by Java"), c.run("read", heap.path(), data + 100, 16));
      assertTrue(c.refuse(2, "write", heap.path(), 8, "header").contains("expected a range"));
    }
  }

  @Test
  void cTellsTheSameOfAHeapAsJava() {
    try (Heap heap = create()) {
      heap.growTo(heap.length() + PAGE);
      HeapInfo java = HeapInfo.of(heap.path());
      List<String> lines = c.run("info", heap.path());
      Map<String, String> told = new HashMap<>();
      lines.forEach(l -> told.put(l.substring(0, l.indexOf(' ')), l.substring(l.indexOf(' ') + 1)));
      assertEquals("heap", told.get("kind"));
      assertEquals(Long.toString(java.length()), told.get("flen"));
      assertEquals(Long.toString(java.span()), told.get("max"));
      assertEquals("0x" + Long.toHexString(java.address()), told.get("addr"));
      assertEquals(Long.toString(java.dataOffset()), told.get("content"));
      assertEquals(Long.toString(java.created().orElseThrow().toEpochMilli()), told.get("created"));
      assertEquals(Long.toString(java.growths()), told.get("growths"));
      assertEquals("4096 slots 4", told.get("participants"));
      assertEquals("1", told.get("version"));
      // The id is the 16 bytes as they stand in the file: two little-endian halves.
      long high = java.id().orElseThrow().getMostSignificantBits();
      long low = java.id().get().getLeastSignificantBits();
      assertEquals(
          "%016x%016x".formatted(Long.reverseBytes(high), Long.reverseBytes(low)), told.get("id"));
      Participant self = java.participants().get(0);
      assertEquals(
          "participant %d generation %d pid %d live attached %d name java"
              .formatted(
                  self.slot(), self.generation(), self.pid(), self.attached().toEpochMilli()),
          lines.get(lines.size() - 1));
    }
  }

  @Test
  void cAndJavaFillAHeapTogether() {
    int total = Storm.count(100_000, 30_000_000);
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(SPAN).create(path)) {
      FillJob.plan(heap, total, 7);
      List<WorkerProcess> workers =
          List.of(
              WorkerJvm.of(FillJob.class).start(heap.path(), "A"),
              WorkerJvm.of(FillJob.class).start(heap.path(), "B"),
              c.start("fill", heap.path(), "C", "--gate"),
              c.start("fill", heap.path(), "D", "--gate"));
      assertFilled(heap, total, workers);
    }
  }

  @Test
  void cAndJavaFillAPlainFileOfC() {
    int total = Storm.count(100_000, 30_000_000);
    Path path = directory.resolve("plain");
    String[] made = c.run("create", path, PAGE).get(0).split(" ");
    try (Heap heap = Heap.attach(path)) {
      assertTrue(heap.isPlain());
      assertEquals(made[1], "0x" + Long.toHexString(heap.base()));
      assertEquals(4L << 30, heap.span());
      assertFilled(heap, total, plainWorkers(path, total));
    }
  }

  @Test
  void cAndJavaFillAPlainFileOfJava() {
    int total = Storm.count(100_000, 30_000_000);
    Path path = directory.resolve("plain");
    try (Heap heap = Heap.builder().plain().span(SPAN).create(path)) {
      assertFilled(heap, total, plainWorkers(path, total));
      assertEquals("kind plain", c.run("info", path).get(0));
    }
  }

  private static List<WorkerProcess> plainWorkers(Path path, int total) {
    return List.of(
        WorkerJvm.of(FillJob.class).start(path, "A", total, 1),
        WorkerJvm.of(FillJob.class).start(path, "B", total, 1),
        c.start("fill", path, "C", "--bytes", total, "--claim", 1, "--gate"),
        c.start("fill", path, "D", "--bytes", total, "--claim", 1, "--gate"));
  }

  /** Lets all begin; then every byte must have one letter, and each letter its worker's count. */
  private static void assertFilled(Heap heap, int total, List<WorkerProcess> workers) {
    List<String> told = new ArrayList<>();
    try {
      workers.forEach(w -> w.expect("ready"));
      workers.forEach(w -> w.say("go"));
      workers.forEach(w -> told.add(w.next()));
      workers.forEach(WorkerProcess::awaitSuccess);
    } finally {
      workers.forEach(WorkerProcess::close);
    }
    Map<Character, Integer> found = new TreeMap<>();
    for (long offset = FillJob.first(heap); offset < FillJob.first(heap) + total; offset++) {
      found.merge((char) heap.getByte(offset), 1, Integer::sum);
    }
    List<String> counted = new ArrayList<>();
    for (char letter = 'A'; letter <= 'D'; letter++) {
      counted.add(letter + " " + found.getOrDefault(letter, 0));
      found.remove(letter);
    }
    assertEquals(Map.of(), found);
    assertEquals(told, counted);
  }
}
