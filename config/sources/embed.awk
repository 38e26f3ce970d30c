# Writes C that holds each file as a text: fn() of the header, by the file's name.
#   awk -v fn=feed_preset -v header=source/feed_presets.h -f embed.awk FILE.yaml ...
function name_of(path) {
    sub(/.*\//, "", path)
    sub(/\.yaml$/, "", path)
    return path
}
BEGIN {
    print "#include <string.h>"
    print "#include \"" header "\""
    print "const char *" fn "(const char *kind)\n{"
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
