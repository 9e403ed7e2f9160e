package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker in C, written from docs/FORMAT.md alone, against the allocator's own. */
class AllocatorCheckerIT {
  private static final long MIB = 1 << 20;

  /** What only the C program looks at: fields of owner words that are to be 0. */
  private static final List<String> ONLY_C = List.of("with fields that are to be 0");

  /** {@code -Ddev.rszshm.checker.seed=N} repeats a run. */
  private static final long SEED =
      Long.getLong("dev.rszshm.checker.seed", new Random().nextInt(1 << 30));

  private static CPeer c;

  @TempDir(factory = InMemory.class)
  Path directory;

  @BeforeAll
  static void compile(@TempDir Path build) {
    c = CPeer.compile(build, "rszshm_check");
    System.out.println("AllocatorCheckerIT: -Ddev.rszshm.checker.seed=" + SEED);
  }

  /** What the C program said. */
  private record Told(int status, List<String> lines) {
    boolean says(String severity) {
      return lines.stream().anyMatch(line -> line.startsWith(severity + " "));
    }

    Set<String> findings() {
      return lines.stream()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1)))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean isDamagedForBoth() {
      return lines.stream()
          .filter(line -> line.startsWith("damage "))
          .anyMatch(line -> ONLY_C.stream().noneMatch(line::contains));
    }
  }

  private static Told ask(Path path) {
    try (WorkerProcess process = c.start(path)) {
      int status = process.await().status();
      return new Told(status, process.heard());
    }
  }

  private Heap create(int number, long span) {
    return Heap.builder().span(span).create(directory.resolve("heap" + number));
  }

  @Test
  void bothGiveTheSameSumsOfASoundHeap() throws InterruptedException {
    for (int i = 0; i < Storm.count(4, 200); i++) {
      Random random = new Random(SEED + i);
      long span = (600L << random.nextInt(8)) * MIB;
      try (Heap heap = create(i, span);
          Allocator allocator = Allocator.on(heap)) {
        AllocatorLoad load = new AllocatorLoad(heap, allocator);
        for (int phase = 0; phase < 3; phase++) {
          load.run(random.nextLong(), 600);
          String sums;
          Set<String> findings;
          Told told;
          do { // again if the lanes of the load's threads were given back meanwhile
            sums = sums(allocator);
            findings = findings(allocator.check());
            told = ask(heap.path());
          } while (!sums.equals(sums(allocator)) || !findings.equals(findings(allocator.check())));
          String what = "seed " + SEED + ", heap " + i + ", phase " + phase;
          assertEquals(sums, told.lines.get(0), what);
          assertEquals(findings, told.findings(), what);
          assertEquals(0, told.status, what);
        }
        heap.remove();
      }
    }
  }

  /** The line of the C program, from what the allocator says itself. */
  private static String sums(Allocator allocator) {
    AllocatorCheck check = allocator.check();
    AllocatorStatistics statistics = allocator.statistics();
    assertTrue(check.isSound());
    assertEquals(allocator.heap().length(), check.total());
    return "chunks %d used %d blocks %d free %d reserved %d metadata %d runs %d roots %d lanes %d classes%s"
        .formatted(
            statistics.chunks(),
            check.used(),
            check.blocks(),
            check.free(),
            check.reserved(),
            check.metadata(),
            statistics.largeBlocks(),
            allocator.roots().size(),
            allocator.heap().getLong(allocator.heap().dataOffset() + 384),
            statistics.classes().stream()
                .map(use -> " " + use.size() + ":" + use.slabs() + ":" + use.used())
                .collect(Collectors.joining()));
  }

  /** Where findings are, and of what kind, in the words of the C program. */
  private static Set<String> findings(AllocatorCheck check) {
    return check.findings().stream()
        .map(f -> (f.severity() == Severity.ERROR ? "DAMAGE" : f.severity()) + " " + f.offset())
        .map(line -> line.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void bothFindTheSameDamage() throws InterruptedException {
    int damaged = 0;
    int changes = Storm.count(80, 20_000);
    Random random = new Random(SEED);
    try (Heap heap = create(0, 600 * MIB);
        Allocator allocator = Allocator.on(heap)) {
      new AllocatorLoad(heap, allocator).run(SEED, 600);
      new AllocatorLoad(heap, allocator).run(SEED + 1, 600);
      allocator.recover(); // or the lanes of its threads would be given back between two looks
      for (int i = 0; i < changes; i++) {
        AllocatorDamage damage = new AllocatorDamage(heap, random);
        String what = damage.change() + ", seed " + SEED + ", change " + i;
        AllocatorCheck java = allocator.check();
        Told told = ask(heap.path());
        damage.undo();
        assertEquals(told.says("damage") ? 1 : 0, told.status, what);
        assertEquals(!java.isSound(), told.isDamagedForBoth(), () -> both(what, java, told));
        assertEquals(
            java.findings().stream().anyMatch(f -> f.severity() == Severity.RECOVERABLE),
            told.says("recoverable"),
            () -> both(what, java, told));
        damaged += told.status;
      }
      assertEquals(sums(allocator), ask(heap.path()).lines.get(0));
    }
    assertTrue(damaged > changes / 3, damaged + " of " + changes + " changes did damage");
  }

  private static String both(String what, AllocatorCheck java, Told told) {
    return what
        + "\nJava: "
        + java.findings().stream().limit(5).toList()
        + "\nC: "
        + told.lines.stream().skip(1).limit(5).toList();
  }

  @Test
  void noDamageCrashesTheChecker() throws InterruptedException {
    Random random = new Random(SEED);
    try (Heap heap = create(0, 600 * MIB);
        Allocator allocator = Allocator.on(heap)) {
      new AllocatorLoad(heap, allocator).run(SEED, 600);
      allocator.recover(); // or the lanes of its threads would be given back with the damage
      for (int i = 0; i < Storm.count(80, 20_000); i++) {
        AllocatorDamage damage = new AllocatorDamage(heap, random);
        damage.scatter();
        Told told = ask(heap.path());
        damage.undo();
        String what = "seed " + SEED + ", round " + i;
        assertTrue(told.status <= 2, () -> what + ": exit status " + told.status);
      }
    }
  }

  @Test
  void whatIsNoHeapIsRefused() throws IOException {
    Path copy = directory.resolve("copy");
    assertEquals(2, ask(copy).status);
    try (Heap heap = Heap.builder().span(64 * MIB).create(directory.resolve("heap"))) {
      assertEquals(2, ask(heap.path()).status);
      try (Allocator allocator = Allocator.on(heap)) {
        allocator.allocate(1);
        assertEquals(0, ask(heap.path()).status);
      }
      Random random = new Random(SEED);
      for (int i = 0; i < 40; i++) {
        Files.copy(heap.path(), copy);
        try (FileChannel file = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          file.truncate((long) (random.nextDouble() * (file.size() - 1)));
        }
        assertEquals(2, ask(copy).status);
        Files.delete(copy);
      }
    }
    try (Heap heap = Heap.builder().plain().span(64 * MIB).create(directory.resolve("plain"))) {
      assertEquals(2, ask(heap.path()).status);
    }
  }
}
