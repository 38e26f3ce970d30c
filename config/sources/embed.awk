# Writes C that holds each preset as a text: feed_preset() of include/source/feed_presets.h.
#   awk -f embed.awk FILE.yaml ...
function name_of(path) {
    sub(/.*\//, "", path)
    sub(/\.yaml$/, "", path)
    return path
}
BEGIN {
    print "#include <string.h>"
    print "#include \"source/feed_presets.h\""
    print "const char *feed_preset(const char *kind)\n{"
}
FNR == 1 {
    if (NR > 1)
        print "        \"\";"
    printf "    if (strcmp(kind, \"%s\") == 0)\n        return\n", name_of(FILENAME)
}
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "        \"%s\\n\"\n", $0
}
END {
    if (NR > 0)
        print "        \"\";"
    print "    return NULL;\n}"
}
