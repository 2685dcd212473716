module cavra.dev/runtime

go 1.26
