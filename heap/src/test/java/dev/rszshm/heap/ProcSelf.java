package dev.rszshm.heap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says this process has mapped and open. */
public final class ProcSelf {
  private ProcSelf() {}

  /** The descriptors whose file has a name that begins so, as their numbers. */
  public static List<Integer> descriptorsOf(String prefix) {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        if (targetOf(link).startsWith(prefix)) {
          found.add(Integer.valueOf(link.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String targetOf(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** The flags of a descriptor, as given to open. */
  static int flagsOf(int descriptor) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
        if (line.startsWith("flags:")) {
          return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no flags of descriptor " + descriptor);
  }

  /** The lines of the memory map that overlap a range. */
  public static List<String> mappingsIn(long address, long length) {
    List<String> found = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
        int dash = line.indexOf('-');
        long from = Long.parseUnsignedLong(line, 0, dash, 16);
        long to = Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16);
        if (Long.compareUnsigned(from, address + length) < 0
            && Long.compareUnsigned(to, address) > 0) {
          found.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** How many mappings there are of a file. */
  public static long mappingsOf(String path) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.endsWith(path)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
