//! Writes the weights we ship: `cargo run --release -p anning-grammar --example train -- OUT`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).ok_or("usage: train OUT")?;
    std::fs::write(out, anning_grammar::train_shipped()?.weights)?;
    Ok(())
}
