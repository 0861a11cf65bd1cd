"""Light over time: what each ONT received night by night, what became of it, and who shares that."""
