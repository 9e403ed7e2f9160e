package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.testkit.process.ClassPathJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one start leaves for the next. */
@Timeout(300)
class StartCacheIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String WORKER_MAIN = "dev.rszshm.structures.internal.worker.WorkerMain";

  @TempDir private static Path jars;
  private static String classPath;

  @TempDir private Path cache;
  private final List<String> output = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void packClassPath() throws IOException {
    classPath = ClassPathJars.pack(System.getProperty("java.class.path"), jars);
  }

  private WorkerSpec spec() {
    return WorkerSpec.of(WorkerLeakIT.Nothing.class)
        .withClassPath(classPath)
        .withStartCache(cache)
        .withMaximumHeap(32 << 20)
        .withOutput(WorkerOutput.toConsumer(line -> output.add(line.text())));
  }

  private WorkerProcess run(WorkerSpec spec) throws InterruptedException {
    output.clear();
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertTrue(exit.isSuccess(), exit::toString);
      assertEquals(List.of(), exit.lastErrors());
      return worker;
    }
  }

  private List<Path> files(String end) throws IOException {
    try (var files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  private Path awaitArchive() throws Exception {
    long limit = System.nanoTime() + LIMIT.toNanos();
    while (files(".made").isEmpty()) {
      assertTrue(System.nanoTime() < limit, () -> "no archive was made");
      TimeUnit.MILLISECONDS.sleep(10);
    }
    String name = files(".made").get(0).getFileName().toString().replace(".made", "");
    return files(Runtime.version().feature() >= 25 ? ".aot" : ".jsa").stream()
        .filter(file -> file.getFileName().toString().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean names(WorkerProcess worker, Path archive) throws IOException {
    Path real = archive.toRealPath();
    return worker.command().stream().anyMatch(word -> word.endsWith("=" + real));
  }

  @Test
  void secondStartGetsItsClassesFromTheArchiveOfTheFirst() throws Exception {
    try (WorkerProcess first = WorkerLauncher.start(spec());
        WorkerProcess second = WorkerLauncher.start(spec())) {
      assertTrue(first.awaitReady(LIMIT));
      assertTrue(second.awaitReady(LIMIT));
    }
    Path archive = awaitArchive();
    assertEquals(1, files(".made").size());
    assertEquals(
        "r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)));
    WorkerProcess later = run(spec().withJvmFlags("-Xlog:class+load:stdout"));
    assertTrue(names(later, archive), later.command()::toString);
    String line =
        output.stream().filter(text -> text.contains(WORKER_MAIN + " ")).findFirst().orElseThrow();
    assertTrue(line.contains("shared objects file"), line);
    assertTrue(later.command().contains("-Djffi.boot.library.path=" + library()));
  }

  @Test
  void secondWorkerOfPoolGetsItsClassesFromTheArchiveOfTheFirst() throws Exception {
    run(spec());
    awaitArchive();
    String loop = "dev.rszshm.structures.pool.WorkerLoop ";
    output.clear();
    PoolSpec pools =
        PoolSpec.ofWorkers(1)
            .withWorker(
                worker ->
                    worker
                        .withClassPath(classPath)
                        .withStartCache(cache)
                        .withJvmFlags("-Xlog:class+load:stdout")
                        .withOutput(WorkerOutput.toConsumer(line -> output.add(line.text()))));
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap);
        WorkerPool pool = WorkerPool.named(allocator, "pool", pools)) {
      assertEquals(1, pool.workerThreads());
    } // its output is read to the end
    String line = output.stream().filter(text -> text.contains(loop)).findFirst().orElseThrow();
    assertTrue(line.contains("shared objects file"), line);
  }

  private Path library() throws IOException {
    try (var files = Files.list(cache)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("jffi-"))
          .findFirst()
          .orElseThrow()
          .toRealPath();
    }
  }

  @Test
  void damagedArchiveCostsOnlyTime() throws Exception {
    run(spec());
    Path archive = awaitArchive();
    Path made = files(".made").get(0);
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    assertFalse(names(run(spec()), archive), "an archive of another length is used");
  }

  @Test
  void archiveThatEndsAWorkerIsUsedOnce(@TempDir Path directory) throws Exception {
    run(spec());
    Path archive = awaitArchive();
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    // As if the disk had lost its content since.
    Files.writeString(
        files(".made").get(0),
        Files.size(archive) + " " + Files.getLastModifiedTime(archive).toMillis());
    // A JVM that crashes leaves a report where it was.
    WorkerSpec spec = spec().withWorkingDirectory(directory);
    boolean crashed;
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(names(worker, archive));
      crashed = worker.awaitExit(LIMIT).orElseThrow().signal().isPresent();
    }
    assertEquals(!crashed, names(run(spec), archive));
  }

  @Test
  void archiveOfAnotherCollectorOrWithAFlagOfTheUserCostsOnlyTime() throws Exception {
    run(spec());
    Path archive = awaitArchive();
    assertTrue(names(run(spec().withJvmFlags("-XX:+UseParallelGC")), archive));
    assertTrue(names(run(spec().withJvmFlags("-XX:-UseCompressedOops")), archive));
    assertFalse(names(run(spec().withJvmFlags("-Xshare:off")), archive));
  }

  @Test
  void switchedOffNothingIsKept() throws Exception {
    WorkerProcess worker = run(spec().withoutStartCache());
    assertTrue(worker.command().stream().noneMatch(word -> word.startsWith("-Djffi")));
    assertEquals(List.of(), files(""));
  }

  @Test
  void directoriesWithRszshmStartWithoutAnArchive() throws Exception {
    WorkerProcess worker = run(spec().withClassPath(System.getProperty("java.class.path")));
    boolean inJars =
        List.of(System.getProperty("java.class.path").split(":")).stream()
            .noneMatch(entry -> Files.exists(Path.of(entry, "dev/rszshm/heap/Heap.class")));
    assertTrue(inJars || files(".lock").isEmpty());
    assertTrue(worker.command().contains("-Djffi.boot.library.path=" + library()));
  }
}
