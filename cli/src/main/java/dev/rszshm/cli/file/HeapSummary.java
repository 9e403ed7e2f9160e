package dev.rszshm.cli.file;

import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A heap among others.
 *
 * @param path its file
 * @param state whether anyone lives
 * @param owner the name of the user whose file it is
 * @param memory bytes of memory, or disk, that it takes
 * @param modified when the file was last written by a system call, or made
 * @param info what its header says, if that can be read
 * @param problem what is wrong, if something is
 */
public record HeapSummary(
    Path path,
    State state,
    String owner,
    long memory,
    Instant modified,
    Optional<HeapInfo> info,
    Optional<HeapException> problem) {

  private static final int MAGIC_END = 32;

  /** Whether anyone lives. */
  public enum State {
    /** Somebody is attached. */
    USED,
    /** Nobody is attached, or only the dead. */
    UNUSED,
    /** A plain file, of which nobody can tell. */
    PLAIN,
    /** A newer version made it. */
    NEWER,
    /** It is being made, or whoever made it has died. */
    UNFINISHED,
    /** It is a heap, and damaged. */
    DAMAGED,
    /** It may not be read. */
    DENIED;

    /** The name for people and programs. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Whether a file is in a directory with such a name as is made for a heap. */
  static boolean isInDirectoryOfHeap(Path path) {
    Path directory = path.toAbsolutePath().getParent();
    Path name = directory == null ? null : directory.getFileName(); // the root of all has none
    return name != null && name.toString().startsWith("rszshm_");
  }

  /** Returns what a file is, or empty if it is no heap, or gone. */
  public static Optional<HeapSummary> of(Path path) {
    HeapInfo info = null;
    HeapException problem = null;
    State state;
    try {
      info = HeapInfo.of(path);
      state =
          info.plain()
              ? State.PLAIN
              : info.participants().stream().anyMatch(Participant::alive)
                  ? State.USED
                  : State.UNUSED;
    } catch (NotAHeapException | NoSuchHeapException e) {
      return Optional.empty();
    } catch (HeapAccessDeniedException e) {
      if (!isInDirectoryOfHeap(path)) {
        return Optional.empty();
      }
      state = State.DENIED;
      problem = e;
    } catch (HeapException e) {
      state =
          switch (e.kind()) {
            case "unsupported-format" -> State.NEWER;
            case "heap-not-ready" -> State.UNFINISHED;
            default -> State.DAMAGED;
          };
      problem = e;
      if (state == State.UNFINISHED && !hasMagic(path)) {
        return Optional.empty(); // zeros: anybody's
      }
    }
    try {
      return Optional.of(
          new HeapSummary(
              path,
              state,
              Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName(),
              DataRanges.memory(path, Files.size(path)),
              Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant(),
              Optional.ofNullable(info),
              Optional.ofNullable(problem)));
    } catch (IOException e) {
      return Optional.empty(); // it has vanished
    }
  }

  /** Whether a file begins as a heap does that is not complete. */
  private static boolean hasMagic(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] header = in.readNBytes(MAGIC_END);
      return header.length == MAGIC_END
          && new String(header, StandardCharsets.ISO_8859_1).endsWith("RSZSHM\u001a\n");
    } catch (IOException e) {
      return false;
    }
  }

  /** When it was made, or, where that cannot be told, when it was last changed. */
  public Instant created() {
    return info.flatMap(HeapInfo::created).orElse(modified);
  }

  /** Those who are attached and live. */
  public List<Participant> living() {
    return info.stream()
        .flatMap(i -> i.participants().stream())
        .filter(Participant::alive)
        .toList();
  }
}
