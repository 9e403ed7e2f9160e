package dev.rszshm.heap.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Files of the kernel. They are read as streams: a channel of the JDK is closed under a thread that
 * has been interrupted.
 */
public final class ProcFile {
  private ProcFile() {}

  /** Reads a file to its end. */
  public static String read(String path) throws IOException {
    try (InputStream in = new FileInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Reads the lines of a file. */
  public static List<String> lines(String path) throws IOException {
    return read(path).lines().toList();
  }
}
