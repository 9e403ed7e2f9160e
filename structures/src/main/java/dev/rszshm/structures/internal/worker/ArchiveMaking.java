package dev.rszshm.structures.internal.worker;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes an archive, in a process of its own that nobody waits for; see {@link StartCache}. */
public final class ArchiveMaking {
  private static final long LIMIT_SECONDS = 60;
  private static final Duration OLD = Duration.ofDays(90);
  private static final System.Logger LOGGER =
      System.getLogger("dev.rszshm.structures.worker.WorkerLauncher");

  private ArchiveMaking() {}

  /** Starts the process. */
  static void begin(Archive archive, Path home, List<String> flags, List<String> jars) {
    List<String> command = new ArrayList<>(JavaCommand.plain(home, archive.feature()));
    command.addAll(flags);
    command.addAll(List.of("-Xmx64m", "-cp", String.join(File.pathSeparator, jars)));
    command.add(ArchiveMaking.class.getName());
    command.add(archive.file().toString());
    command.add(Integer.toString(archive.feature()));
    command.add(home.toString());
    command.addAll(flags);
    try {
      Process unused = silent(command).start();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "no archive of classes can be made", e);
    }
  }

  private static ProcessBuilder silent(List<String> command) {
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /**
   * Makes it.
   *
   * @param words the file, the version of the JDK, its home, flags
   */
  public static void main(String[] words) throws Exception {
    Archive archive = new Archive(Path.of(words[0]), Integer.parseInt(words[1]));
    Path home = Path.of(words[2]);
    List<String> flags = List.of(words).subList(3, words.length);
    try (FileChannel file =
            FileChannel.open(
                archive.beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock != null && !archive.isUsable() && archive.isDue()) {
        archive.noteTrial();
        removeOld(archive.directory());
        make(archive, home, flags);
      }
    }
  }

  private static void make(Archive archive, Path home, List<String> flags) throws Exception {
    Path directory = Files.createTempDirectory(archive.directory(), "part");
    try {
      Path part = directory.resolve("archive");
      List<String> command = new ArrayList<>(JavaCommand.plain(home, archive.feature()));
      command.addAll(flags);
      command.add(archive.makeFlag(part));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(WorkerMain.class.getName());
      Process training = start(command);
      if (!training.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        training.destroyForcibly();
      } else if (training.exitValue() == 0 && Files.isRegularFile(part)) {
        CacheDirectory.close(part);
        Files.move(part, archive.file(), StandardCopyOption.ATOMIC_MOVE);
        archive.noteMade();
      }
    } finally {
      remove(directory);
    }
  }

  /** Starts it as workers are started. */
  private static Process start(List<String> command) throws IOException {
    StartFile.Content content =
        new StartFile.Content(
            ProcessHandle.current().pid(), true, false, ArchiveTraining.class.getName(), List.of());
    try (StartFile file = StartFile.create(content)) {
      return silent(command).redirectInput(file.path().toFile()).start();
    }
  }

  /** Removes what has been there for long: jars and JDKs change. */
  private static void removeOld(Path cache) throws IOException {
    long before = System.currentTimeMillis() - OLD.toMillis();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(cache)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toMillis() < before) {
          remove(file);
        }
      }
    }
  }

  private static void remove(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
        for (Path file : files) {
          remove(file);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
