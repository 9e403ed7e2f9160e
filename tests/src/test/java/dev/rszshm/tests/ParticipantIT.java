package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.testkit.process.WorkerSupply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is attached, who is dead, and what becomes of their slots. */
class ParticipantIT {
  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("heap");
  }

  private Heap create(int participants) {
    return Heap.builder().span(1L << 30).participants(participants).name("test").create(path);
  }

  private static Participant named(List<Participant> participants, String name) {
    return participants.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aParticipantTellsWhoItIs() throws IOException {
    try (Heap heap = create(4);
        WorkerProcess agent = HeapAgent.start("agent")) {
      agent.ask("attach " + path);
      Participant participant = named(heap.participants(), "agent");
      assertEquals(agent.pid(), participant.pid());
      assertEquals(startTime(agent.pid()), participant.process().startTime());
      assertNotEquals(0, participant.process().pidNamespace());
      assertEquals(
          Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
          participant.process().bootId().toString());
      assertEquals(participant.slot() + " " + participant.generation(), agent.ask("self"));
      assertTrue(participant.alive());
      assertFalse(participant.otherAddress());
      assertEquals(participant, named(HeapInfo.of(path).participants(), "agent"));
    }
  }

  private static long startTime(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  @Test
  void aKilledJvmIsDeadAndItsSlotIsUsedAgainWithAnotherGeneration() {
    try (Heap heap = create(2);
        WorkerProcess next = HeapAgent.start("next")) {
      Participant victim;
      try (WorkerProcess agent = HeapAgent.start("agent")) {
        agent.ask("attach " + path);
        victim = named(heap.participants(), "agent");
        assertTrue(heap.isAlive(victim.slot(), victim.generation()));
        agent.kill();
      }
      assertFalse(heap.isAlive(victim.slot(), victim.generation()));
      assertFalse(named(heap.participants(), "agent").alive());
      assertFalse(named(HeapInfo.of(path).participants(), "agent").alive());
      next.ask("attach " + path);
      assertEquals(victim.slot() + " " + (victim.generation() + 1), next.ask("self"));
      assertTrue(heap.isAlive(victim.slot(), victim.generation() + 1));
      assertFalse(heap.isAlive(victim.slot(), victim.generation()));
    }
  }

  @Test
  void aStoppedJvmIsAliveAndKeepsItsSlot() {
    try (Heap heap = create(2);
        WorkerProcess stopped = HeapAgent.start("stopped");
        WorkerProcess next = HeapAgent.start("next")) {
      stopped.ask("attach " + path);
      Participant participant = named(heap.participants(), "stopped");
      stopped.stop();
      assertTrue(heap.isAlive(participant.slot(), participant.generation()));
      assertEquals(0, heap.reclaimDead());
      String answer = next.ask("attach " + path);
      assertTrue(answer.startsWith("!ParticipantTableFullException"), answer);
      stopped.resume();
      assertEquals(participant.slot() + " " + participant.generation(), stopped.ask("self"));
    }
  }

  @Test
  void twoKilledOwnersOfAllSlotsLetAThirdAttach() {
    create(2).close();
    try (WorkerProcess a = HeapAgent.start("a");
        WorkerProcess b = HeapAgent.start("b");
        WorkerProcess c = HeapAgent.start("c")) {
      a.ask("attach " + path);
      b.ask("attach " + path);
      a.kill();
      b.kill();
      c.ask("attach " + path);
      assertEquals(List.of("c"), names(HeapInfo.of(path).participants()));
    }
  }

  private static List<String> names(List<Participant> participants) {
    return participants.stream().map(Participant::name).toList();
  }

  @Test
  void aFullTableRefusesUntilSomebodyCloses() {
    try (Heap heap = create(2);
        WorkerProcess a = HeapAgent.start("a");
        WorkerProcess b = HeapAgent.start("b")) {
      a.ask("attach " + path);
      assertTrue(b.ask("attach " + path).startsWith("!ParticipantTableFullException"));
      assertEquals(List.of("test", "a"), names(heap.participants()));
      a.ask("close");
      assertEquals(List.of("test"), names(heap.participants()));
      assertEquals("0x" + Long.toHexString(heap.address()), b.ask("attach " + path));
    }
  }

  @Test
  void theSecondAttachmentOfAJvmHasASlotOfItsOwn() {
    try (Heap heap = create(4);
        WorkerProcess agent = HeapAgent.start("agent")) {
      agent.ask("attach " + path);
      agent.ask("again " + path);
      assertNotEquals(agent.ask("self"), agent.ask("self2"));
      List<Participant> both =
          heap.participants().stream().filter(p -> p.pid() == agent.pid()).toList();
      assertEquals(List.of(false, true), both.stream().map(Participant::otherAddress).toList());
      assertEquals(List.of(true, true), both.stream().map(Participant::alive).toList());
      for (Participant p : both) {
        assertEquals("true", agent.ask("alive " + p.slot() + " " + p.generation()));
      }
      agent.ask("close");
      assertEquals(
          List.of(both.get(1)),
          heap.participants().stream().filter(p -> p.pid() == agent.pid()).toList());
    }
  }

  @Test
  void aBurierKilledAnywhereLeavesSlotsThatTheNextOneBuries() throws Exception {
    try (WorkerSupply agents = new WorkerSupply(WorkerJvm.of(HeapAgent.class))) {
      List<String> steps = Deaths.each("bury", directory, heap -> buryingScene(heap, agents));
      assertEquals(List.of("compareAndSetLong"), steps);
    }
  }

  private Deaths.Scene buryingScene(Path heapPath, WorkerSupply agents) {
    path = heapPath;
    Heap heap = create(3);
    Participant dead;
    try (WorkerProcess agent = agents.next("dead")) {
      agent.ask("attach " + path);
      dead = named(heap.participants(), "dead");
      agent.kill();
    }
    return () -> {
      try (heap) {
        assertFalse(heap.isAlive(dead.slot(), dead.generation()));
        heap.reclaimDead();
        assertEquals(List.of("test"), names(heap.participants()));
        try (Heap again = Heap.builder().anyAddress().attach(heap.path())) {
          assertEquals(dead.slot(), again.self().orElseThrow().slot());
          assertEquals(dead.generation() + 1, again.self().get().generation());
        }
      } finally {
        heap.remove();
      }
    };
  }

  @Test
  void anAttacherKilledAnywhereLeavesASlotForTheNextOne() throws Exception {
    List<String> steps = Deaths.each("attach", directory, this::lastSlotScene);
    assertTrue(steps.containsAll(List.of("tryLockByte", "copyIn", "putLongRelease")), "" + steps);
  }

  @Test
  void aCloserKilledAnywhereLeavesASlotForTheNextOne() throws Exception {
    List<String> steps = Deaths.each("close", directory, this::lastSlotScene);
    assertTrue(steps.containsAll(List.of("blank", "write", "unlockByte")), "" + steps);
  }

  private Deaths.Scene lastSlotScene(Path heapPath) {
    path = heapPath;
    Heap heap = create(2);
    return () -> {
      try (heap;
          Heap next = Heap.builder().name("next").anyAddress().attach(heap.path())) {
        assertEquals(List.of("test", "next"), names(heap.participants()));
        assertTrue(next.self().orElseThrow().generation() <= 2);
      } finally {
        heap.remove();
      }
    };
  }
}
