module catalogue

go 1.21
