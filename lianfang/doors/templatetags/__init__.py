"""What the desk's templates may say beyond plain Django: times in words, badges, fields, signs."""
