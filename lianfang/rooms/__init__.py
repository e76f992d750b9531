"""The rooms: registers (places, people, policies) say what is; work rooms say what we do. No door between work rooms."""
