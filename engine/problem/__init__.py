"""What is to be learned: data, model, loss, and the shape of the loss surface. No Qt here."""
