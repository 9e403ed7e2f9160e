package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A command line that is longer than the system takes, as a file that the launcher of Java reads.
 * The worker removes it as soon as it runs; its starter, when it has ended.
 */
public final class ArgumentFile implements AutoCloseable {
  /** Linux takes words of less than 128 KiB. */
  private static final int LONG_WORD = 64 << 10;

  /** And a quarter of the stack for all of them, with the environment: 2 MiB as a rule. */
  private static final int LONG_COMMAND = 256 << 10;

  private static final String PROPERTY = "dev.rszshm.worker.arguments";

  private final Path path;

  private ArgumentFile(Path path) {
    this.path = path;
  }

  /** Makes one for a command; returns empty if the system takes that as it is. */
  public static Optional<ArgumentFile> of(List<String> command) throws IOException {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    long all = 0;
    boolean isLong = false;
    for (String word : command) {
      int length = word.getBytes(charset).length;
      isLong |= length >= LONG_WORD;
      all += length + 1;
    }
    if (!isLong && all < LONG_COMMAND) {
      return Optional.empty();
    }
    Path path = Files.createTempFile("rszshm-worker", ".args");
    boolean written = false;
    try {
      StringBuilder text = new StringBuilder(quoted("-D" + PROPERTY + "=" + path));
      command.stream().skip(1).forEach(word -> text.append('\n').append(quoted(word)));
      Files.write(path, text.toString().getBytes(charset));
      written = true;
      return Optional.of(new ArgumentFile(path));
    } finally {
      if (!written) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Returns a word as the launcher of Java reads it. */
  static String quoted(String word) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char next = word.charAt(i);
      switch (next) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\f' -> text.append("\\f");
        case '"', '\\' -> text.append('\\').append(next);
        default -> text.append(next);
      }
    }
    return text.append('"').toString();
  }

  /** Returns the command that takes the place of the long one. */
  public List<String> command(String launcher) {
    return List.of(launcher, "@" + path);
  }

  /** Removes the file of this worker, which it has read. */
  static void removeOwn() throws IOException {
    String own = System.clearProperty(PROPERTY);
    if (own != null) {
      Files.deleteIfExists(Path.of(own));
    }
  }

  /** Removes the file. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It stays, in the directory for temporary files.
    }
  }
}
