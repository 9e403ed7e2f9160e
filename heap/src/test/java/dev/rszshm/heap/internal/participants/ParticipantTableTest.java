package dev.rszshm.heap.internal.participants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.FileLockedException;
import dev.rszshm.heap.errors.HeapWornOutException;
import dev.rszshm.heap.errors.ParticipantTableFullException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.format.TagLayout;
import dev.rszshm.heap.internal.raw.RawAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The participant table as one process sees it: stopped neighbors, strangers, long lives. */
@Timeout(300)
class ParticipantTableTest {
  private static final int TABLE = HeaderLayout.HEADER_LENGTH;
  private static final int LENGTH = ParticipantLayout.SLOT_LENGTH;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private final FaultySystemCalls faults = new FaultySystemCalls();

  private Path path() {
    return directory.resolve("heap");
  }

  private Heap create(int slots) {
    return Heap.builder().span(1 << 24).participants(slots).name("first").create(path());
  }

  private Heap attach(String name) {
    return Heap.builder().anyAddress().name(name).attach(path());
  }

  private static Participant self(Heap heap) {
    return heap.self().orElseThrow();
  }

  private static long state(Heap heap, int slot) {
    return heap.base() + TABLE + (long) LENGTH * slot;
  }

  /** Attaches and leaves behind what a death leaves: a slot that reads LIVE, without its lock. */
  private Participant dead(Heap heap) {
    Heap victim = attach("dead");
    Participant participant = self(victim);
    long word =
        RawAccess.of(heap, ParticipantTableTest.class).getLong(state(heap, participant.slot()));
    victim.close();
    RawAccess.of(heap, ParticipantTableTest.class)
        .putLongVolatile(state(heap, participant.slot()), word);
    return participant;
  }

  private static void assertDead(Heap heap, Participant dead) {
    assertFalse(heap.isAlive(dead.tag()));
    assertFalse(heap.isAlive(dead.slot(), dead.generation()));
    heap.participant(dead.tag()).ifPresent(p -> assertFalse(p.alive(), p::toString));
  }

  /** A thread whose attachment makes calls that a test lets go on, or not. */
  private Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void whoIsStoppedWhileItAttachesDoesNotMakeTheDeadLookAlive() throws Exception {
    try (Heap heap = create(4)) {
      List<Participant> dead = new ArrayList<>();
      Gate gate = new Gate();
      faults.instead(
          "tryLockByte",
          1,
          (call, arguments) -> {
            dead.add(dead(heap)); // in the slot that was free a moment ago
            Object answer = call.with(arguments);
            gate.stop();
            return answer;
          });
      List<Heap> late = new ArrayList<>();
      Thread stopped =
          start(
              () ->
                  late.add(Heap.builder().anyAddress().platform(faults.platform()).attach(path())));
      gate.awaitStop();
      assertDead(heap, dead.get(0));
      try (Heap other = attach("other")) {
        assertTrue(heap.isAlive(self(other).tag()));
      }
      assertEquals(1, heap.reclaimDead());
      gate.open();
      stopped.join();
      assertTrue(heap.isAlive(self(late.get(0)).tag()));
      late.get(0).close();
    }
  }

  /** It has found the dead one, and goes on when another lives in that slot. */
  @Test
  void whoIsStoppedWhileItBuriesHindersNobodyAndHarmsNobodyLater() throws Exception {
    try (Heap heap = create(3);
        Heap burier = Heap.builder().anyAddress().platform(faults.platform()).attach(path())) {
      Participant dead = dead(heap);
      Gate gate = new Gate();
      faults
          .reset()
          .instead(
              "isByteLocked",
              FaultySystemCalls.EVERY,
              (call, arguments) -> {
                Object answer = call.with(arguments);
                if ((long) arguments[1] == TABLE + (long) LENGTH * dead.slot()) {
                  gate.stop();
                }
                return answer;
              });
      int[] buried = {-1};
      Thread stopped = start(() -> buried[0] = burier.reclaimDead());
      gate.awaitStop();
      assertDead(heap, dead);
      assertEquals(1, heap.reclaimDead());
      try (Heap other = attach("other")) {
        assertEquals(dead.slot(), self(other).slot());
        gate.open();
        stopped.join();
        assertEquals(0, buried[0]);
        assertTrue(heap.isAlive(self(other).tag()));
        assertDead(heap, dead);
      }
    }
  }

  @Test
  void lockOfAStrangerIsNoSignOfLife() throws Exception {
    try (Heap heap = create(3)) {
      Participant dead = dead(heap);
      long byteOfTheDead = TABLE + (long) LENGTH * dead.slot();
      try (FileChannel channel =
          FileChannel.open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (int length : new int[] {1, LENGTH}) {
          try (FileLock lock = channel.lock(byteOfTheDead, length, false)) {
            assertDead(heap, dead);
            assertTrue(heap.isAlive(self(heap).tag()), lock::toString);
          }
        }
        try (FileLock lock = channel.lock(byteOfTheDead, 1, false)) {
          assertEquals(1, heap.reclaimDead(), lock::toString);
        }
      }
    }
  }

  @Test
  void attachSaysWhoHasLockedTheFile() throws Exception {
    create(3).close();
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ);
        FileLock lock = channel.lock(0, Long.MAX_VALUE, true)) {
      assertTrue(lock.isValid());
      FileLockedException refused =
          assertThrows(FileLockedException.class, () -> Heap.attach(path()));
      String me = "process " + ProcessHandle.current().pid();
      assertTrue(
          refused.getMessage().contains(me + " holds a read lock on bytes 0 to the end of it"),
          refused.getMessage());
    }
    Heap.attach(path()).close();
  }

  /** Sets how often slots that are free were used. */
  private void wear(int firstSlot, int endSlot, int generation) throws IOException {
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      for (int slot = firstSlot; slot < endSlot; slot++) {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        word.putLong(0, ParticipantLayout.stateWord(ParticipantLayout.FREE, generation, 0));
        channel.write(word, TABLE + (long) LENGTH * slot);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void tagNeverComesAgainAndOneTooManyIsRefusedWithAReason(int slots) throws Exception {
    create(slots).close();
    wear(0, slots, new TagLayout(slots).lastGeneration() - 3);
    Set<Integer> tags = new HashSet<>();
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(path())) {
      for (int i = 0; i < 3 * slots; i++) {
        try (Heap heap = attach("late")) {
          Participant self = self(heap);
          int tag = self.tag();
          assertTrue(tags.add(tag), () -> self + " came before");
          assertTrue(tag > 0 && tag < (1 << Participant.TAG_BITS) - 1, self::toString);
          tags.forEach(t -> assertEquals(t == tag, reader.isAlive(t)));
        }
      }
      HeapWornOutException worn = assertThrows(HeapWornOutException.class, () -> attach("more"));
      assertTrue(worn.getMessage().contains("copy what it holds into a new heap"));
      assertEquals(List.of(), reader.participants());
    }
  }

  @Test
  void fullTableSaysHowManySlotsAreUsedUp() throws Exception {
    create(3).close();
    wear(1, 3, new TagLayout(3).lastGeneration());
    try (Heap heap = attach("last")) {
      assertEquals(0, self(heap).slot());
      String message =
          assertThrows(ParticipantTableFullException.class, () -> attach("more")).getMessage();
      assertTrue(
          message.contains("3 participant slots, and each but 2, which are used up"), message);
    }
  }

  @Test
  void slotsTakeTurnsSoThatTheyWearEvenly() {
    create(64).close();
    List<Heap> three = List.of(attach("a"), attach("b"), attach("c"));
    three.forEach(Heap::close);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      try (Heap heap = attach("next")) {
        taken.add(self(heap).slot());
        assertEquals(3, heap.participantSlotsUsed());
      }
    }
    assertEquals(List.of(0, 1, 2, 0, 1, 2), taken);
  }

  @Test
  void tableOfAHeapWhoseProcessesDieStaysShort() {
    try (Heap heap = create(4096)) {
      for (int i = 0; i < 50; i++) {
        dead(heap);
      }
      assertTrue(heap.participantSlotsUsed() <= 16, "" + heap.participantSlotsUsed());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 65, 256, ParticipantLayout.MAX_SLOTS})
  void tagsOfTwoAttachmentsAreNeverTheSame(int slots) {
    TagLayout tags = new TagLayout(slots);
    Set<Integer> seen = new HashSet<>();
    for (int slot : new TreeSet<>(List.of(0, slots / 2, slots - 1))) {
      for (int generation : Set.of(1, 2, tags.lastGeneration() / 2, tags.lastGeneration())) {
        int tag = tags.tag(slot, generation);
        assertTrue(seen.add(tag));
        assertTrue(tags.isPossible(tag));
        assertEquals(slot, tags.slot(tag));
        assertEquals(generation, tags.generation(tag));
        assertTrue(tag > 0 && tag < (1 << Participant.TAG_BITS) - 1);
      }
    }
    assertTrue((long) slots * tags.lastGeneration() >= (1 << 29) - 2L * slots);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 65})
  void numberThatIsNoTagNamesNobody(int slots) {
    try (Heap heap = create(slots)) {
      long word = self(heap).tag();
      Random random = new Random(7);
      for (int i = 0; i < 10_000; i++) {
        int number = i < 64 ? (int) (1L << i) : random.nextInt();
        if (number != word) {
          assertFalse(heap.isAlive(number));
          assertTrue(heap.participant(number).isEmpty());
        }
      }
    }
  }

  /**
   * Whatever is in the word that counts the slots in use: nobody is killed, and there is an end.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 0x7fffffff_7fffffffL, 3, 1L << 32, 5L << 32 | 4})
  void hostileCountOfSlotsHarmsNobody(long word) {
    try (Heap heap = create(4);
        Heap second = attach("second")) {
      RawAccess.of(heap, ParticipantTableTest.class)
          .putLongVolatile(heap.base() + HeaderLayout.SLOTS_USED, word);
      assertTrue(heap.isAlive(self(second).tag()));
      assertEquals(0, heap.reclaimDead());
      try (Heap third = attach("third")) {
        assertEquals(2, self(third).slot());
        assertEquals(3, heap.participants().size());
        assertEquals(3, HeapInfo.of(path()).participants().size());
      }
    }
  }

  /** Lets a thread stop at a place until a test lets it go on. */
  private static final class Gate {
    private boolean stopped;
    private boolean open;

    synchronized void stop() throws InterruptedException {
      stopped = true;
      notifyAll();
      while (!open) {
        wait();
      }
    }

    synchronized void awaitStop() throws InterruptedException {
      while (!stopped) {
        wait();
      }
    }

    synchronized void open() {
      open = true;
      notifyAll();
    }
  }
}
