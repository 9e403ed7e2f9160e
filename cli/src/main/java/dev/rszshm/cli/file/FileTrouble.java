package dev.rszshm.cli.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Says in a sentence why a file cannot be read or written, and what to do. The exceptions of the
 * JDK have the name of the file for a message, and say the rest with the name of their class.
 */
public final class FileTrouble {
  private FileTrouble() {}

  /** Returns why a word is not the name of a file. */
  public static String noName(String word, InvalidPathException e) {
    return "'"
        + word
        + "' cannot be the name of a file here: "
        + e.getReason()
        + ". If it has letters beyond ASCII, set LC_ALL to a locale with UTF-8";
  }

  /** Returns why a file could not be read. */
  public static String reading(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return file + " is a directory, expected a file: name one in it";
    } else if (e instanceof NoSuchFileException) {
      return file + " does not exist: name a file that does";
    } else if (e instanceof AccessDeniedException) {
      return file
          + " may not be read by this user: change its permissions, or those of the"
          + " directories that it is in";
    }
    return file + " cannot be read: " + reason(e);
  }

  /**
   * Returns why a file that must be new could not be made.
   *
   * @param removal how to remove the one that is there
   */
  public static String taken(Path file, String removal) {
    return Files.isDirectory(file)
        ? isDirectory(file)
        : file + " exists already: name another file, or " + removal;
  }

  private static String isDirectory(Path file) {
    return file + " is a directory, expected the name of a file: name one in it";
  }

  /** Returns why a file could not be made or written. */
  public static String writing(Path file, IOException e) {
    Path parent = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      return isDirectory(file);
    } else if (parent != null && !Files.isDirectory(parent)) {
      return file + " cannot be made: " + noDirectory(parent);
    } else if (e instanceof AccessDeniedException) {
      return file
          + " may not be written by this user: name another place, or change the permissions"
          + " of "
          + (Files.exists(file) ? "it" : parent);
    }
    return file + " cannot be written: " + reason(e);
  }

  /** Returns why a directory could not be made, or nothing be written in it. */
  public static String inDirectory(Path directory, IOException e) {
    Path there = directory.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      return directory + " cannot be made: " + noDirectory(there);
    } else if (e instanceof AccessDeniedException) {
      return there
          + " may not be written by this user: name another directory, or change its"
          + " permissions";
    } else if (e instanceof FileSystemException at
        && at.getFile() != null
        && Files.isDirectory(Path.of(at.getFile()))
        && !there.equals(Path.of(at.getFile()).toAbsolutePath())) {
      return writing(Path.of(at.getFile()), e);
    }
    return directory + " cannot be written: " + reason(e);
  }

  private static String noDirectory(Path found) {
    return Files.exists(found)
        ? found + " is a file, expected a directory: name another, or remove the file"
        : "there is no directory " + found + ": make it before, or name another place";
  }

  /** What the system says, such as "No space left on device". */
  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return "it exists already: name another, or remove it";
    } else if (e instanceof NoSuchFileException) {
      return "there is nothing of this name, and none can be made there";
    } else if (e instanceof FileSystemException at && at.getReason() != null) {
      return at.getReason();
    }
    String message = e instanceof FileSystemException ? null : e.getMessage();
    return message == null ? "the system does not say why" : message;
  }
}
