package dev.rszshm.cli.worker;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.file.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Makes sure that a file can be read by several processes, each of which reads its own parts. */
public final class FileCheck {
  private FileCheck() {}

  /**
   * Returns the length of a file that can be read.
   *
   * @param option what precedes the name on the command line, as in {@code "--input "}
   */
  public static long lengthOf(String option, String name) {
    if (name.equals("-")) {
      throw CommandException.usage(
          option
              + "-: standard input has no length, and several processes cannot read it at offsets"
              + " of their own. Write it to a file first");
    }
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw CommandException.usage(option + FileTrouble.noName(name, e));
    }
    if (Files.isDirectory(path)) {
      throw CommandException.usage(option + name + " is a directory: name a file");
    }
    if (!Files.exists(path)) {
      throw CommandException.usage(option + name + " does not exist: name a file that does");
    }
    if (!Files.isRegularFile(path)) {
      throw CommandException.usage(
          option + name + " is not a regular file, and has no length: copy it to one first");
    }
    if (!Files.isReadable(path)) {
      throw CommandException.usage(option + name + " may not be read: change its permissions");
    }
    try (InputStream in = Files.newInputStream(path)) {
      long length = Files.size(path);
      if (length == 0 && in.read() >= 0) {
        throw CommandException.usage(
            option
                + name
                + " has content, but its file system tells no length for it: copy it to a regular"
                + " file first");
      }
      return length;
    } catch (IOException e) {
      throw CommandException.usage(option + FileTrouble.reading(path, e));
    }
  }

  /**
   * Makes sure that a file still has its length.
   *
   * @throws CommandException if it has not
   */
  public static void requireLength(Path path, long length) {
    long now;
    try {
      now = Files.size(path);
    } catch (IOException e) {
      throw CommandException.failed("input", FileTrouble.reading(path, e));
    }
    if (now != length) {
      throw changed(path, now, length);
    }
  }

  /** The error for a file that somebody has changed meanwhile. */
  public static CommandException changed(Path path, long found, long expected) {
    return CommandException.failed(
        "input-changed",
        path
            + " changed while it was read: it ends at "
            + found
            + " bytes, expected "
            + expected
            + (found < expected ? " or more" : "")
            + ". Try again when nobody writes it");
  }
}
