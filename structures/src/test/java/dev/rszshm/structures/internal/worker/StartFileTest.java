package dev.rszshm.structures.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartFileTest {
  private static final StartFile.Content CONTENT =
      new StartFile.Content(
          42,
          true,
          false,
          "a.Body",
          List.of("", "x", "\u00e4\ud83d\ude00\ud800\n", "y".repeat(9999)));

  @Test
  void workerReadsWhatTheStarterWrote() throws Exception {
    try (StartFile file = StartFile.create(CONTENT)) {
      assertEquals(CONTENT, StartFile.read(Files.newInputStream(file.path())));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
    }
  }

  @Test
  void readinessIsSeen() throws Exception {
    try (StartFile file = StartFile.create(CONTENT);
        RandomAccessFile worker = new RandomAccessFile(file.path().toFile(), "rw")) {
      assertFalse(file.isReady());
      StartFile.sayReady(worker);
      assertTrue(file.isReady());
    }
  }

  @Test
  void beginIsSeen() throws Exception {
    StartFile file = StartFile.create(CONTENT);
    try (file;
        RandomAccessFile worker = new RandomAccessFile(file.path().toFile(), "rw")) {
      assertFalse(StartFile.mayBegin(worker));
      file.begin();
      assertTrue(StartFile.mayBegin(worker));
    }
    file.begin();
  }

  @Test
  void heldFileHasNoNameAndSaysThatItIsHeld() throws Exception {
    try (StartFile file = StartFile.create(CONTENT);
        RandomAccessFile worker = new RandomAccessFile(file.path().toFile(), "rw")) {
      assertFalse(StartFile.isHeld(worker));
      file.hold();
      assertTrue(StartFile.isHeld(worker));
      assertFalse(Files.exists(file.path()));
    }
  }

  @Test
  void closedFileLeavesNothing() throws Exception {
    StartFile file = StartFile.create(CONTENT);
    file.close();
    assertFalse(Files.exists(file.path()));
    assertFalse(file.isReady());
    file.close();
  }

  @Test
  void damagedContentIsAnError() throws Exception {
    byte[] bytes = StartFile.encode(CONTENT);
    for (int length = 0; length < 200; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThrows(IOException.class, () -> StartFile.read(new ByteArrayInputStream(part)));
    }
    for (int at = 12; at < 20; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] = -1;
      assertThrows(IOException.class, () -> StartFile.read(new ByteArrayInputStream(damaged)));
    }
  }
}
