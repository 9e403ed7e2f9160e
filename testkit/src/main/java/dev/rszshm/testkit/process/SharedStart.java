package dev.rszshm.testkit.process;

import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the worker JVMs of one test JVM share so that each starts in less time: an archive of loaded
 * classes (class data sharing), and the native library of jnr-ffi, which each would otherwise
 * unpack for itself, and leave behind if it is killed while it does.
 *
 * <p>An archive needs a class path of jars, so the directories on it are packed first. All of it is
 * made once, in a scratch directory. Without an archive workers start slower, and work as well.
 */
final class SharedStart {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Made when the first worker is started. */
  private static @Nullable SharedStart own;

  private final Path directory;
  private final String classPath;
  private final List<String> library;
  private List<String> archive = List.of();

  private SharedStart() {
    try {
      directory = ScratchDirectory.onDisk().path();
      classPath = ClassPathJars.pack(System.getProperty("java.class.path"), directory);
      library = library();
    } catch (IOException e) {
      throw new WorkerError("cannot prepare the start of worker JVMs", e);
    }
  }

  /** That of this test JVM, and of its JDK; made at the first call, in about a second. */
  static synchronized SharedStart own() {
    if (own == null) {
      own = new SharedStart();
      own.train();
    }
    return own;
  }

  /** Where it is. */
  Path directory() {
    return directory;
  }

  /** The class path of this JVM, as jars. */
  String classPath() {
    return classPath;
  }

  /** JVM flags, for the JDK of this JVM. */
  List<String> flags() {
    List<String> flags = new ArrayList<>(library);
    flags.addAll(archive);
    return flags;
  }

  private List<String> library() throws IOException {
    String name = System.mapLibraryName("jffi-1.2");
    String processor = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    Path target = directory.resolve(name);
    try (InputStream packed =
        SharedStart.class.getResourceAsStream("/jni/" + processor + "-Linux/" + name)) {
      if (packed == null) {
        return List.of(); // another release of it: it finds its own
      }
      Files.copy(packed, target);
    }
    return List.of("-Djffi.boot.library.path=" + directory);
  }

  private void train() {
    Path file = directory.resolve("worker.jsa");
    List<String> command = new ArrayList<>(List.of(Jdk.current().java().toString()));
    command.addAll(Jdk.current().nativeAccess());
    command.addAll(WorkerJvm.SHORT_LIVED);
    command.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + file));
    command.addAll(library);
    command.addAll(List.of("-cp", classPath, WorkerMain.class.getName()));
    command.addAll(
        List.of(Long.toString(LIMIT.toMillis()), Training.class.getName(), WorkerMain.AHEAD));
    try (WorkerProcess training = WorkerProcess.start(LIMIT, command)) {
      training.begin(directory.resolve("heap"));
      training.awaitSuccess();
    }
    if (Files.isReadable(file)) {
      archive = List.of("-XX:SharedArchiveFile=" + file);
    }
  }

  /** Does once what workers do with heaps, so that the archive has the classes for it. */
  static final class Training implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      Heap.builder().span(1L << 30).create(path).close();
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path)) {
        heap.growTo(heap.length() + 1);
        heap.getAndAddLong(heap.dataOffset(), 1);
        heap.participants();
        heap.reclaimDead();
        worker.play(List.of(context -> context.say("trained")));
      }
      Heap.remove(path);
    }
  }
}
