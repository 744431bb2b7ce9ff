/// The command line parser picocli, under its own module name.
module info.picocli {
  requires static java.sql;

  exports picocli;
}
