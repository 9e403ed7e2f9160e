package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What docs/CODECS.md says of records whose components change. */
class ChangedRecordTest {
  /** As it was stored. */
  public record Person(String name, int age) {}

  /** The same under another name. */
  public record Human(String name, int age) {}

  /** With a component that is new. */
  public record Employee(String name, int age, String city) {}

  /** The codec of docs/CODECS.md. */
  static final class EmployeeCodec implements Codec<Employee> {
    private static final Codec<Person> OLD = Codecs.records(Person.class);
    private static final Codec<Employee> NEW = Codecs.records(Employee.class);

    @Override
    public int id() {
      return OLD.id();
    }

    @Override
    public int version() {
      return 2;
    }

    @Override
    public int length(Employee employee) {
      return NEW.length(employee);
    }

    @Override
    public void encode(Employee employee, ByteBuffer to) {
      NEW.encode(employee, to);
    }

    @Override
    public Employee decode(ByteBuffer from) {
      ByteBuffer again = from.duplicate().order(from.order());
      try {
        return NEW.decode(from);
      } catch (CodecException older) {
        Person person = OLD.decode(again);
        return new Employee(person.name(), person.age(), "");
      }
    }
  }

  private final StructureFixture fixture = new StructureFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private <V> SharedMap<String, V> people(String name, Codec<V> codec) {
    return SharedMap.named(fixture.allocator, name, Codecs.strings(), codec);
  }

  @Test
  void aRecordWithOtherComponentsIsRefusedAndToldWhy() {
    people("people", Codecs.records(Person.class)).put("a", new Person("Ann", 40));
    String message =
        assertThrows(
                CodecMismatchException.class,
                () -> people("people", Codecs.records(Employee.class)))
            .getMessage();
    assertTrue(
        message.contains("A record whose components have changed is another format"), message);
    assertEquals(
        new Human("Ann", 40), people("people", Codecs.records(Human.class)).get("a"), "the name");
  }

  @Test
  void aCodecOfANewerVersionReadsBothAndOlderProgramsGoOnUntilItWrites() {
    SharedMap<String, Person> before = people("people", Codecs.records(Person.class));
    before.put("a", new Person("Ann", 40));
    SharedMap<String, Employee> people = people("people", new EmployeeCodec());
    assertEquals(new Employee("Ann", 40, ""), people.get("a"));
    before.put("b", new Person("Bob", 50));
    people.put("c", new Employee("Cid", 60, "Rome"));
    assertEquals(new Employee("Bob", 50, ""), people.get("b"));
    assertEquals(new Employee("Cid", 60, "Rome"), people.get("c"));
    String message = assertThrows(CodecMismatchException.class, () -> before.get("a")).getMessage();
    assertTrue(message.contains("a newer program has written it"), message);
  }

  @Test
  void aCodecOfANewerVersionReadsBothWithinOthers() {
    SharedObject<List<Person>> before =
        SharedObject.named(
            fixture.allocator, "all", Codecs.lists(Codecs.records(Person.class)), 100);
    before.set(List.of(new Person("Ann", 40), new Person("", 0)));
    assertEquals(
        List.of(new Employee("Ann", 40, ""), new Employee("", 0, "")),
        SharedObject.named(fixture.allocator, "all", Codecs.lists(new EmployeeCodec()), 100)
            .get()
            .orElseThrow());
  }

  @Test
  void whatIsCopiedUnderANewNameLeavesWhatIsThere() {
    SharedMap<String, Person> before = people("people", Codecs.records(Person.class));
    before.put("a", new Person("Ann", 40));
    before.put("b", new Person("Bob", 50));
    SharedMap<String, Employee> people = people("people 2", Codecs.records(Employee.class));
    people.put("a", new Employee("Ann", 41, "Rome"));
    before.forEach(
        (key, person) -> people.putIfAbsent(key, new Employee(person.name(), person.age(), "")));
    assertEquals(new Employee("Ann", 41, "Rome"), people.get("a"));
    assertEquals(new Employee("Bob", 50, ""), people.get("b"));
    assertTrue(SharedMap.remove(fixture.allocator, "people", MapSpec.standard()));
  }
}
