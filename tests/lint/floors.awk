# A file includes headers only of its own floor or of a lower one; judge only of judge and base.
BEGIN {
    n = split("base loop source judge queue serve command", name, " ")
    for (i = 1; i <= n; i++) floor[name[i]] = i
}
FNR == 1 { split(FILENAME, part, "/"); own = part[2]; free = (FILENAME == "bot/main.c") }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    split(quoted[2], part, "/")
    to = part[1]
    if (free) next
    if (!(own in floor)) { complain("is on no floor"); next }
    if (!(to in floor)) complain("'" quoted[2] "' is on no floor")
    else if (floor[to] > floor[own]) complain("'" own "' may not look up at '" quoted[2] "'")
    else if (own == "judge" && to != "judge" && to != "base")
        complain("judge may include only base, not '" quoted[2] "'")
}
function complain(what) { print FILENAME ":" FNR ": " what; bad = 1 }
END { exit bad }
