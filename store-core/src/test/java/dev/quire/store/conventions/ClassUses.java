package dev.quire.store.conventions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What one compiled class uses. A use is written `java/nio/ByteOrder` (a class),
/// `java/lang/System#out` (a member of a class), `volatile` (a field declared so) or `synchronized`
/// (a method or block).
///
/// @param className the outermost class, fully qualified with dots
/// @param uses all uses, sorted
record ClassUses(String className, Set<String> uses) {

  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;<]+)[;<]");

  /// All classes below a directory.
  static List<ClassUses> of(Path directory) {
    List<ClassUses> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        if (!file.endsWith("module-info.class")) {
          all.add(of(Files.readAllBytes(file)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  static ClassUses of(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    Set<String> uses = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry used -> addClass(used.asInternalName(), uses);
        case MemberRefEntry member -> {
          uses.add(member.owner().asInternalName() + "#" + member.name().stringValue());
        }
        case NameAndTypeEntry typed -> addDescriptor(typed.type().stringValue(), uses);
        default -> {}
      }
    }
    for (FieldModel field : model.fields()) {
      addDescriptor(field.fieldType().stringValue(), uses);
      if (field.flags().has(AccessFlag.VOLATILE)) {
        uses.add("volatile");
      }
    }
    for (MethodModel method : model.methods()) {
      addDescriptor(method.methodType().stringValue(), uses);
      if (method.flags().has(AccessFlag.SYNCHRONIZED) || hasMonitor(method)) {
        uses.add("synchronized");
      }
    }
    String name = model.thisClass().asInternalName().replace('/', '.');
    int nested = name.indexOf('$');
    return new ClassUses(nested < 0 ? name : name.substring(0, nested), uses);
  }

  String packageName() {
    return className.substring(0, className.lastIndexOf('.'));
  }

  /// The packages of this project that the class uses.
  Set<String> ourPackages() {
    Set<String> packages = new TreeSet<>();
    for (String use : uses) {
      int end = use.lastIndexOf('/');
      String name = end < 0 ? "" : use.substring(0, end).replace('/', '.');
      if (Floors.isOurs(name)) {
        packages.add(name);
      }
    }
    return packages;
  }

  private static boolean hasMonitor(MethodModel method) {
    return method
        .code()
        .map(
            code ->
                code.elementStream()
                    .anyMatch(
                        element ->
                            element instanceof Instruction instruction
                                && instruction.opcode() == Opcode.MONITORENTER))
        .orElse(false);
  }

  private static void addClass(String name, Set<String> uses) {
    if (name.startsWith("[")) {
      addDescriptor(name, uses);
    } else {
      uses.add(name);
    }
  }

  private static void addDescriptor(String descriptor, Set<String> uses) {
    for (Matcher found = CLASS_IN_DESCRIPTOR.matcher(descriptor); found.find(); ) {
      uses.add(found.group(1));
    }
  }
}
