package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Worker JVMs, one for each member, with a heap of their own. */
final class JavaLaps implements LapGroup {
  private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx64m");

  private final int members;
  private final Heap heap;
  private final LapBoard board;
  private final Path directory;
  private final List<WorkerProcess> workers = new ArrayList<>();

  /**
   * Starts members.
   *
   * @param target what they use; see the work
   * @param areaLength bytes that they share
   * @param flags more flags of their JVMs
   */
  JavaLaps(String target, LapSetting setting, long areaLength, List<String> flags)
      throws IOException, InterruptedException {
    members = setting.members();
    heap = Heap.builder().create();
    long start = aligned(heap);
    heap.ensure(start + LapBoard.LENGTH + areaLength);
    board = new LapBoard(heap, start);
    directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm-laps");
    List<String> all = new ArrayList<>(FLAGS);
    all.addAll(flags);
    WorkerJvm jvm = WorkerJvm.of(LapWorker.class).withOnly(all);
    for (int member = 0; member < members; member++) {
      workers.add(
          jvm.start(
              heap.path(), directory, start, target, setting.work(), member, setting.operations()));
    }
    workers.forEach(worker -> worker.expect("attached"));
    for (int member = 0; member < members; member++) {
      setting.placement().place(workers.get(member).pid(), member);
    }
  }

  private static long aligned(Heap heap) {
    long lines = LapMember.LINES;
    return (heap.dataOffset() + lines - 1) / lines * lines;
  }

  @Override
  public Lap lap() throws InterruptedException {
    return board.lap(members, workers);
  }

  @Override
  public long finding(int index) {
    return board.finding(0, index);
  }

  @Override
  public void close() throws IOException {
    try (heap) {
      workers.forEach(WorkerProcess::close);
    } finally {
      heap.remove();
      removeDirectory();
    }
  }

  private void removeDirectory() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
