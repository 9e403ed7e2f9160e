package dev.rszshm.cli.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
  @TempDir Path directory;

  @Test
  void whatMayNotBeWrittenIsSaid() throws IOException {
    Path made = Files.writeString(directory.resolve("made"), "");
    Path other = directory.resolve("other");
    String text =
        " may not be written by this user: name another place, or change the permissions of ";
    assertEquals(
        made + text + "it", FileTrouble.writing(made, new AccessDeniedException(made.toString())));
    assertEquals(
        other + text + directory,
        FileTrouble.writing(other, new AccessDeniedException(other.toString())));
    assertEquals(
        directory
            + " may not be written by this user: name another directory, or change its permissions",
        FileTrouble.inDirectory(
            directory.resolve("a/b"), new AccessDeniedException(directory + "/a")));
  }

  @Test
  void whatMayNotBeReadIsSaid() {
    Path file = directory.resolve("file");
    assertEquals(
        file
            + " may not be read by this user: change its permissions, or those of the directories"
            + " that it is in",
        FileTrouble.reading(file, new AccessDeniedException(file.toString())));
    assertEquals(
        file + " does not exist: name a file that does",
        FileTrouble.reading(file, new NoSuchFileException(file.toString())));
    assertEquals(
        directory + " is a directory, expected a file: name one in it",
        FileTrouble.reading(directory, new IOException("Is a directory")));
  }

  @Test
  void whatTheSystemSaysIsPassedOn() {
    Path file = directory.resolve("file");
    assertEquals(
        file + " cannot be written: Read-only file system",
        FileTrouble.writing(
            file, new FileSystemException(file.toString(), null, "Read-only file system")));
    assertEquals(
        file + " cannot be read: Input/output error",
        FileTrouble.reading(file, new IOException("Input/output error")));
    assertEquals(
        directory + " cannot be written: No space left on device",
        FileTrouble.inDirectory(directory, new IOException("No space left on device")));
    assertEquals(
        file + " cannot be read: the system does not say why",
        FileTrouble.reading(file, new FileSystemException(file.toString())));
  }
}
